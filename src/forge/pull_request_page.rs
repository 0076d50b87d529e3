//! The page of a forge on which a pull request is opened, from the address of the remote repository. Pure.

use url::Url;

use super::ci_run::Forge;
use crate::text::percent_encode;

/// The page for a branch, if the remote is on a forge. `by_files` is the forge whose jobs the repository has: it
/// counts where the name of the machine says nothing.
pub fn new_pull_request_page(
    remote: &str,
    by_files: Option<Forge>,
    branch: &str,
    base: &str,
) -> Option<String> {
    let (site, project) = site_and_project(remote)?;
    let host = site.rsplit('/').next().unwrap_or_default();
    let forge = forge_of_host(host).or(by_files)?;
    let branch_path = encode_path(branch);
    Some(match forge {
        Forge::Github => format!("{site}/{project}/pull/new/{branch_path}"),
        Forge::Gitlab => format!(
            "{site}/{project}/-/merge_requests/new?merge_request%5Bsource_branch%5D={}",
            percent_encode(branch)
        ),
        Forge::Forgejo => {
            format!("{site}/{project}/compare/{}...{branch_path}", encode_path(base))
        }
    })
}

fn encode_path(path: &str) -> String {
    path.split('/').map(percent_encode).collect::<Vec<_>>().join("/")
}

fn forge_of_host(host: &str) -> Option<Forge> {
    let host = host.to_ascii_lowercase();
    [
        ("github", Forge::Github),
        ("gitlab", Forge::Gitlab),
        ("forgejo", Forge::Forgejo),
        ("gitea", Forge::Forgejo),
        ("codeberg", Forge::Forgejo),
    ]
    .into_iter()
    .find_map(|(name, forge)| host.contains(name).then_some(forge))
}

/// `https://git.agensi.example` and `owner/name`; nothing of a folder. A login in the address is left out.
fn site_and_project(remote: &str) -> Option<(String, String)> {
    let (site, path) = match Url::parse(remote) {
        Ok(url) => {
            let host = url.host_str()?;
            let site = match (url.scheme(), url.port()) {
                (scheme @ ("https" | "http"), Some(port)) => format!("{scheme}://{host}:{port}"),
                (scheme @ ("https" | "http"), None) => format!("{scheme}://{host}"),
                // Its port is that of SSH.
                ("ssh" | "git+ssh", _) => format!("https://{host}"),
                _ => return None,
            };
            (site, url.path().to_owned())
        }
        // As SSH writes it: `git@host:owner/name.git`.
        Err(_) => {
            let (login, path) = remote.split_once(':')?;
            let host = login.rsplit('@').next()?;
            let is_host = host.contains('.')
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
            (is_host.then(|| format!("https://{host}"))?, path.to_owned())
        }
    };
    let project = path.trim_matches('/');
    let project = project.strip_suffix(".git").unwrap_or(project);
    let is_project = project.contains('/') && !project.contains(|letter: char| letter.is_control());
    is_project.then(|| (site, project.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_follows_from_the_remote() {
        for (remote, by_files, expected) in [
            (
                "git@github.com:agensi/arkib.git",
                None,
                Some("https://github.com/agensi/arkib/pull/new/request/R-1"),
            ),
            (
                "https://x:rahsia@gitlab.agensi.example:8443/a/b/arkib.git",
                Some(Forge::Github),
                Some(
                    "https://gitlab.agensi.example:8443/a/b/arkib/-/merge_requests/new?merge_request%5Bsource_branch%5D=request%2FR-1",
                ),
            ),
            (
                "ssh://git@git.agensi.example:2222/agensi/arkib.git",
                Some(Forge::Forgejo),
                Some("https://git.agensi.example/agensi/arkib/compare/main...request/R-1"),
            ),
            ("https://git.agensi.example/agensi/arkib", None, None),
            ("/srv/github/arkib.git", None, None),
            ("C:\\repo\\a/b", Some(Forge::Github), None),
            ("../github.com:a/b", Some(Forge::Github), None),
            ("file:///srv/a/b.git", Some(Forge::Github), None),
        ] {
            let page = new_pull_request_page(remote, by_files, "request/R-1", "main");
            assert_eq!(page.as_deref(), expected, "{remote}");
        }
    }
}
