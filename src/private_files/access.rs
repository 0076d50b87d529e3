//! Who may use a file or folder on Windows: its user, and like root elsewhere the system and its
//! administrators. (Elsewhere it is created so.) `icacls`, which every Windows has, sets that: the standard
//! library cannot, the crates that do are no longer kept, and our own code has nothing unsafe. It takes some
//! hundredths of a second, so a file in a folder that arkib made has the rights of that.

use std::path::Path;

/// Takes the rights of everybody else. A disk that knows no rights stays as it is.
#[cfg(windows)]
pub(super) fn make_private(place: &Path) {
    use std::os::windows::process::CommandExt as _;
    use std::process::{Command, Stdio};

    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let variable = |name| std::env::var(name).ok();
    let user = variable("USERDOMAIN").zip(variable("USERNAME"));
    // Not a program of that name on the PATH.
    let system = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    let mut command = Command::new(Path::new(&system).join(r"System32\icacls.exe"));
    command.arg(place).args(rights(user, place.is_dir())).creation_flags(CREATE_NO_WINDOW);
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// It was created so.
#[cfg(not(windows))]
pub(super) fn make_private(_: &Path) {}

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
