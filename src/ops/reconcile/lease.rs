//! The lease of a run (`--lease`): one an agency, kept in a git remote while that agency is
//! reconciled. A run never holds two, so that two runs over the same agencies cannot wait for each
//! other, and runs over different agencies do not wait at all.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Context;
use crate::apply::{Guard, Stop};
use crate::exit::Exit;
use crate::git::{GitError, LeaseRef};
use crate::lease;
use crate::lease::{LONGEST, NotTaken, Note, Saying, Terms};
use crate::load::Source;
use crate::load::reader::Agency;
use crate::ops::actor::{job, who};
use crate::ops::failure::Halt;
use crate::printer;
use crate::text::{excerpt, visible};

/// For how long a lease is given back at most: the run's end waits for it.
const GIVING_BACK: Duration = Duration::from_secs(10);

/// The options of the lease.
#[derive(Debug, clap::Args)]
pub(crate) struct LeaseArgs {
    /// One run at a time: before it reads the portal a run takes a lease that it keeps in this git
    /// remote, such as origin, and waits where another has it. For portals that heed no If-Match.
    /// Needs the right to push, without a login in the address; dry runs take none
    #[arg(
        long,
        value_name = "REMOTE",
        env = "ARKIB_LEASE",
        hide_env_values = true,
        value_parser = remote
    )]
    lease: Option<String>,
    /// With --lease: how long a run that was killed keeps it from others. It is renewed every fifth
    /// of that, and no change begins when it could not be for two fifths
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = lease::LENGTH.as_secs(),
        requires = "lease",
        value_parser = clap::value_parser!(u64).range(1..=LONGEST.as_secs())
    )]
    lease_length: u64,
    /// With --lease: how long to wait for another run before this one is refused (exit status 4);
    /// to take over from a killed run it must be longer than the length that this one was given
    /// [default: three times the longer of the two lengths]
    #[arg(long, value_name = "SECONDS", requires = "lease")]
    lease_wait: Option<u64>,
}

/// A remote's name or address. Empty is none, since CI hands over variables that are not set.
fn remote(text: &str) -> Result<String, &'static str> {
    if text.starts_with('-') {
        return Err("expected the name or the address of a git remote, such as origin");
    }
    Ok(text.to_owned())
}

/// Whether an address may hold a login: git hands addresses to other programs, where every user of
/// the machine sees them.
fn may_hold_a_login(remote: &str) -> bool {
    let is_http = remote.starts_with("http:") || remote.starts_with("https:");
    let before = remote.rsplit_once('@').map(|(before, _)| before);
    let after_scheme = |before: &str| match before.split_once("://") {
        Some((_, user)) => user.contains(':'),
        None => before.contains(':'),
    };
    is_http && remote.contains(['@', '?', '#']) || before.is_some_and(after_scheme)
}

impl LeaseArgs {
    /// The remote that was named; CI hands over variables that are not set as empty ones.
    pub(crate) fn remote(&self) -> Option<&str> {
        self.lease.as_deref().filter(|remote| !remote.is_empty())
    }
}

/// A lease that this run has.
pub(crate) struct Lease {
    held: lease::Lease<LeaseRef>,
    length: Duration,
}

impl Lease {
    /// Whether a change may begin now.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn may_begin(&self) -> Result<(), String> {
        self.held.may_begin()
    }

    /// As [`Lease::may_begin`], for whoever asks later and elsewhere.
    pub(super) fn guard(&self) -> Guard {
        Arc::new(self.held.guard())
    }

    /// Ends, with why, when a change under way may be waited for no longer.
    pub(super) async fn ran_out(&self) -> String {
        self.held.ran_out().await
    }

    /// Lets the next run have it.
    pub(crate) async fn let_go(self) {
        let trouble = match tokio::time::timeout(GIVING_BACK, self.held.release()).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {}", within(GIVING_BACK)),
        };
        printer::say(&format!(
            "note: the lease could not be given back; the next run takes it over once it has watched it for {}: {trouble}",
            within(self.length)
        ));
    }
}

/// Takes the lease of an agency, where one is asked for and something may be changed.
///
/// # Errors
/// How the run ends without it.
pub(super) async fn take(context: &Context<'_>, agency: &Agency) -> Result<Option<Lease>, Halt> {
    if context.args.dry_run {
        return Ok(None);
    }
    take_from(&context.args.lease, context.source, &context.stop, agency).await
}

/// As [`take`], for any command that changes something.
///
/// # Errors
/// How the run ends without it.
pub(crate) async fn take_from(
    args: &LeaseArgs,
    source: &Source,
    stop: &Stop,
    agency: &Agency,
) -> Result<Option<Lease>, Halt> {
    let Some(remote) = args.remote() else {
        return Ok(None);
    };
    let name = visible(&agency.policy.agency).into_owned();
    let Some(place) = source.repository() else {
        let why = format!(
            "Failed: a lease is kept in a git remote, and git knows no repository around {}. Nothing was changed.",
            visible(&source.shown)
        );
        let help = "run arkib in a checkout that git knows and trusts, or leave --lease out";
        return Err(Halt::Because(Exit::Failed, why, help.to_owned()));
    };
    if may_hold_a_login(remote) {
        let why = format!(
            "Failed: the address of the remote for the lease of {name} may hold a login, which others would see. Nothing was changed."
        );
        let help = "give the name of a remote, or its address without a name and a password; git takes those from its credential helper";
        return Err(Halt::Because(Exit::Failed, why, help.to_owned()));
    }
    let length = Duration::from_secs(args.lease_length);
    let terms = Terms {
        length,
        wait: args.lease_wait.map(Duration::from_secs),
    };
    let store = LeaseRef::new(place, remote, &agency.policy.agency);
    let place = format!("{} of {}", store.name(), excerpt(remote, 200));
    let since = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let note = Note::new(who(), job(), since, nonce());
    let say = |saying: Saying<'_>| printer::say(&said(&name, &saying));
    match lease::take(store, note, terms, stop.asked(), say).await {
        Ok(held) => Ok(Some(Lease { held, length })),
        Err(NotTaken::Interrupted) => Err(Halt::Interrupted),
        Err(NotTaken::Held(holder)) => {
            let why = format!(
                "Refused: another run holds the lease of {name} and did not let go for as long as this one waits: {}. Nothing was changed.",
                holder.holder()
            );
            let help = format!(
                "run arkib again when that run has ended; if it was killed, wait longer than {} once (--lease-wait), and its lease is taken over",
                within(length.max(holder.length()))
            );
            Err(Halt::Because(Exit::Refused, why, help))
        }
        Err(NotTaken::Store(error)) => {
            let why = format!(
                "Failed while taking the lease of {name}, {place}: {error}. Nothing was changed."
            );
            Err(Halt::Because(Exit::Failed, why, help(&error)))
        }
    }
}

fn help(error: &GitError) -> String {
    match error {
        GitError::Says(_) => "--lease needs a remote that git can reach from here without asking for a password, and the right to push to it".to_owned(),
        error => error.help().to_owned(),
    }
}

fn said(agency: &str, saying: &Saying<'_>) -> String {
    match saying {
        Saying::Waits {
            holder,
            length,
            left,
        } => format!(
            "Waiting for the lease of {agency}, which another run holds: {}. For {} at most; after {} without a sign of life it is taken over.",
            holder.holder(),
            within(*left),
            within(*length)
        ),
        Saying::TakesOver { holder, silent } => format!(
            "The lease of {agency} is taken over: its holder gave no sign of life for {}: {}.",
            within(*silent),
            holder.holder()
        ),
    }
}

/// "90 seconds" to the nearest, or "5 minutes" where it comes out even.
fn within(time: Duration) -> String {
    match (time + Duration::from_millis(500)).as_secs() {
        1 => "1 second".to_owned(),
        60 => "1 minute".to_owned(),
        seconds if seconds >= 60 && seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

/// What no other run has: the standard library's hasher is keyed by the system's random numbers.
fn nonce() -> String {
    let process = std::process::id();
    let now = Timestamp::now().as_nanosecond();
    let random = RandomState::new();
    format!(
        "{:016x}{:016x}",
        random.hash_one((process, now, 0)),
        random.hash_one((process, now, 1))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_login_is_told_from_one_without() {
        for address in [
            "https://oauth2:glpat-0123456789@gitlab.example/group/requests.git",
            "https://ghp_0123456789@github.example/agensi/requests.git",
            "http://u:pa/ss@h.example/x.git",
            "https://gitlab.example/x.git?private_token=0123456789",
            "ssh://git:rahsia@gitlab.example/x.git",
            "git:rahsia@gitlab.example:x.git",
        ] {
            assert!(may_hold_a_login(address), "{address}");
        }
        for plain in [
            "origin",
            "https://gitlab.example/group/requests.git",
            "ssh://git@gitlab.example:22/x.git",
            "git@gitlab.example:group/requests.git",
            "../requests.git",
        ] {
            assert!(!may_hold_a_login(plain), "{plain}");
        }
        assert!(remote("--upload-pack=x").is_err());
    }

    #[test]
    fn no_two_runs_have_the_same_nonce() {
        let some: std::collections::HashSet<String> = (0..1000).map(|_| nonce()).collect();
        assert_eq!(some.len(), 1000);
    }

    #[test]
    fn times_read_well() {
        let texts = [1, 2, 60, 90, 300].map(|seconds| within(Duration::from_secs(seconds)));
        assert_eq!(
            texts,
            [
                "1 second",
                "2 seconds",
                "1 minute",
                "90 seconds",
                "5 minutes"
            ]
        );
    }
}
