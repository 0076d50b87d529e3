//! Who may use a file or folder on Windows: its user, and like root elsewhere the system and its
//! administrators. (Elsewhere it is created so.) `icacls`, which every Windows has, sets that: the standard
//! library cannot, the crates that do are no longer kept, and our own code has nothing unsafe. It takes some
//! hundredths of a second, so a file in a folder that arkib made has the rights of that.

use std::path::Path;
use std::sync::OnceLock;

/// The first place that others may be able to read.
static NOT_PRIVATE: OnceLock<String> = OnceLock::new();

/// The first place that could not be made private, to be said once.
pub fn not_private() -> Option<&'static str> {
    NOT_PRIVATE.get().map(String::as_str)
}

/// Takes the rights of everybody else; returns whether it could. A disk that knows no rights stays as it is,
/// and that is noted.
#[cfg(windows)]
pub(super) fn make_private(place: &Path) -> bool {
    let variable = |name| std::env::var(name).ok();
    let user = variable("USERDOMAIN").zip(variable("USERNAME"));
    // Nobody may have that name, such as in a service; the owner is always somebody.
    let is_done = user.is_some_and(|user| set_rights(place, Some(user))) || set_rights(place, None);
    if !is_done {
        let place = crate::text::escape(&place.display().to_string()).into_owned();
        NOT_PRIVATE.get_or_init(|| place);
    }
    is_done
}

#[cfg(windows)]
fn set_rights(place: &Path, user: Option<(String, String)>) -> bool {
    use std::os::windows::process::CommandExt as _;
    use std::process::{Command, Stdio};

    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    // Not a program of that name on the PATH.
    let system = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    let mut command = Command::new(Path::new(&system).join(r"System32\icacls.exe"));
    command.arg(place).args(rights(user, place.is_dir())).creation_flags(CREATE_NO_WINDOW);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// It was created so.
#[cfg(not(windows))]
pub(super) fn make_private(_: &Path) -> bool {
    true
}

/// What icacls is to do with a place.
#[cfg(any(windows, test))]
fn rights(user: Option<(String, String)>, is_folder: bool) -> Vec<String> {
    // Whoever owns it. An administrator's own files may belong to all administrators, so the user is better.
    const OWNER: &str = "*S-1-3-4";
    const SYSTEM: &str = "*S-1-5-18";
    const ADMINISTRATORS: &str = "*S-1-5-32-544";
    let user = user.map_or(OWNER.to_owned(), |(domain, name)| format!(r"{domain}\{name}"));
    // What is made in a folder inherits its rights.
    let full = if is_folder { "(OI)(CI)F" } else { "F" };
    let granted = [&*user, SYSTEM, ADMINISTRATORS].map(|who| format!("{who}:{full}"));
    ["/inheritance:r", "/grant:r"].map(str::to_owned).into_iter().chain(granted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_but_the_user_and_administrators_keeps_rights() {
        let user = || Some(("AGENSI".to_owned(), "siti".to_owned()));
        assert_eq!(
            rights(user(), true).join(" "),
            r"/inheritance:r /grant:r AGENSI\siti:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F"
        );
        assert_eq!(
            rights(user(), false).join(" "),
            r"/inheritance:r /grant:r AGENSI\siti:F *S-1-5-18:F *S-1-5-32-544:F"
        );
        assert!(rights(None, false).contains(&"*S-1-3-4:F".to_owned()));
    }
}
