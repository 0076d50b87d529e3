//! A token for the remote repository, as the password of the git that talks to it, and of no other
//! program. The remote is data: a login in its address is left out then.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::GitError;
use crate::environment::is_loopback;

/// The name that goes with a token, of which no forge takes notice.
const USER: &str = "x-access-token";
/// Only the environment of one git has it; arguments can be seen by every user of the machine.
const PASSWORD: &str = "ARKIB_GIT_PASSWORD";

/// One address of the remote repository, and the token for it.
#[derive(Debug)]
pub(super) struct RemoteLogin {
    /// Without a name and a password.
    pub url: Url,
    token: SecretString,
}

impl RemoteLogin {
    /// The login at a remote that takes passwords; nothing for others, such as SSH and folders.
    ///
    /// # Errors
    /// Where others could read the token on the way.
    pub fn new(url: &str, token: &SecretString) -> Result<Option<Self>, GitError> {
        let Ok(mut url) = Url::parse(url) else { return Ok(None) };
        match url.scheme() {
            "https" => {}
            "http" if url.host_str().is_some_and(is_loopback) => {}
            "http" => {
                return Err(GitError::new(
                    "the remote is plain http, which would show the token to others on the network",
                    "give the remote an address with https://",
                ));
            }
            _ => return Ok(None),
        }
        // No other kind of address has none.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Some(Self { url, token: token.clone() }))
    }

    /// The options of a git that is about to talk to the remote, so that it logs in with the token and
    /// nothing else: no stored header and no other helper. No hook sees the token.
    pub fn options(&self) -> Vec<String> {
        let origin = self.url.origin().ascii_serialization();
        let helper = format!(
            "!f() {{ test \"$1\" = get && printf '%s\\n' username={USER} \"password=${PASSWORD}\"; }}; f"
        );
        let mut settings = vec![
            "core.hooksPath=/dev/null".to_owned(),
            "core.askPass=".to_owned(),
            format!("http.{origin}/.extraHeader="),
            "credential.helper=".to_owned(),
            format!("credential.{origin}.helper={helper}"),
        ];
        // A setting of its user may put a login into every address that begins like this one. (Behind a
        // `=` git would take the address for a value.)
        let url = self.url.as_str();
        if !url.contains('=') {
            settings.push(format!("url.{url}.insteadOf={url}"));
            settings.push(format!("url.{url}.pushInsteadOf={url}"));
        }
        settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]).collect()
    }

    /// What that git has in its environment beside the rest. It asks no question on a terminal.
    pub fn variables(&self) -> [(&'static str, &str); 2] {
        [(PASSWORD, self.token.expose_secret()), ("GIT_TERMINAL_PROMPT", "0")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(url: &str) -> Result<Option<RemoteLogin>, GitError> {
        RemoteLogin::new(url, &SecretString::from("rahsia-4711"))
    }

    #[test]
    fn only_addresses_with_a_password_get_the_token() {
        for (url, without) in [
            ("https://git.example/a/b.git", "https://git.example/a/b.git"),
            ("https://ci:lama@git.example:8443/a/b.git", "https://git.example:8443/a/b.git"),
            ("http://ci@127.0.0.1:3000/a.git", "http://127.0.0.1:3000/a.git"),
        ] {
            assert_eq!(login(url).unwrap().unwrap().url.as_str(), without);
        }
        for url in ["git@git.example:a/b.git", "ssh://git@git.example/a", "/srv/a.git", "../a.git"]
        {
            assert!(login(url).unwrap().is_none(), "{url}");
        }
        assert!(login("http://git.example/a.git").is_err());
    }

    #[test]
    fn no_argument_has_the_token() {
        let login = login("https://ci:lama@git.example/a/b.git").unwrap().unwrap();
        let arguments = login.options().join(" ");
        assert!(arguments.contains("credential.https://git.example.helper=!f()"), "{arguments}");
        assert!(!arguments.contains("rahsia") && !arguments.contains("lama"), "{arguments}");
        assert!(!format!("{login:?}").contains("rahsia"));
    }
}
