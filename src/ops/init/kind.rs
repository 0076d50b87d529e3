//! The kinds of repositories, and the files of each: those of `examples/`. Each is written once there:
//! a kind has files of its own only where it differs from `examples/agency`.

use super::forge::Forge;
use crate::domain::policy::PortalKind;

words! {
    /// How an agency works.
    pub enum Kind {
        /// arkib changes a portal with SCIM.
        Agency = "agency",
        /// People operate the portal.
        Files = "files",
        /// arkib changes a portal with SCIM, on eight machines.
        Shards = "shards",
        /// The development portal, to try arkib.
        Trial = "trial",
    }
}

/// A path in the new repository, and what is written there.
pub(super) type File = (&'static str, &'static str);

/// Files of an example: a path below it, and the bytes.
macro_rules! files {
    ($example:literal: $($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../examples/", $example, "/", $path)))),+]
    };
}

/// Files of every repository.
const COMMON: &[File] = files!["agency":
    ".arkib-version",
    ".editorconfig",
    ".gitattributes",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    "CODEOWNERS",
    "ci/setup-arkib",
    "hooks/pre-commit",
    "schemas/agency.schema.json",
    "schemas/request.schema.json",
];
const IGNORED: &[File] = files!["agency": ".gitignore"];
const DEPENDABOT: &[File] = files!["agency": ".github/dependabot.yml"];
const APPLY: &[File] = files!["agency": ".github/workflows/apply.yml"];
const GITHUB: &[File] = files!["agency":
    ".github/workflows/check.yml",
    ".github/workflows/night.yml",
];
const GITLAB: &[File] = files!["agency": ".gitlab-ci.yml"];
const FORGEJO: &[File] = files!["agency":
    ".forgejo/workflows/apply.yml",
    ".forgejo/workflows/check.yml",
    ".forgejo/workflows/night.yml",
];

/// Of a portal that people operate.
const FILES_IGNORED: &[File] = files!["files": ".gitignore"];
const FILES_GITHUB: &[File] = files!["files":
    ".github/workflows/apply.yml",
    ".github/workflows/check.yml",
    ".github/workflows/night.yml",
];
const FILES_GITLAB: &[File] = files!["files": ".gitlab-ci.yml"];
const FILES_FORGEJO: &[File] = files!["files":
    ".forgejo/workflows/apply.yml",
    ".forgejo/workflows/check.yml",
    ".forgejo/workflows/night.yml",
];

/// Of one run on eight machines.
const SHARDS_GITHUB: &[File] = files!["shards":
    ".github/workflows/apply.yml",
    ".github/workflows/notify.yml",
    ".github/workflows/shards.yml",
];
const SHARDS_GITLAB: &[File] = files!["shards": ".gitlab-ci.yml", ".gitlab/shards.yml"];
const NONE: &[File] = &[];

impl Kind {
    /// Its portal, as the policy says it.
    pub fn portal(self) -> PortalKind {
        match self {
            Self::Agency | Self::Shards => PortalKind::Scim,
            Self::Files => PortalKind::Files,
            Self::Trial => PortalKind::Embedded,
        }
    }

    /// Whether there are jobs of it for this forge.
    pub(super) fn has_jobs_for(self, forge: Forge) -> bool {
        self != Self::Shards || forge != Forge::Forgejo
    }

    /// The files of its example, with the jobs of one forge or of each.
    pub(super) fn files(self, forge: Option<Forge>) -> Vec<File> {
        let (ignored, github, gitlab, forgejo) = match self {
            Self::Agency | Self::Trial => (IGNORED, [APPLY, GITHUB].concat(), GITLAB, FORGEJO),
            Self::Files => (FILES_IGNORED, FILES_GITHUB.to_vec(), FILES_GITLAB, FILES_FORGEJO),
            Self::Shards => (IGNORED, [SHARDS_GITHUB, GITHUB].concat(), SHARDS_GITLAB, NONE),
        };
        let mut files = [COMMON, ignored].concat();
        let is_for = |of: Forge| forge.is_none_or(|forge| forge == of);
        if is_for(Forge::Github) {
            files.extend([DEPENDABOT, &github].concat());
        }
        if is_for(Forge::Gitlab) {
            files.extend(gitlab);
        }
        if is_for(Forge::Forgejo) {
            files.extend(forgejo);
        }
        files
    }
}
