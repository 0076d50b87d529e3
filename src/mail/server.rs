//! Which server takes messages, and the login there; both come from the environment alone, so that
//! no pull request can send mail, or the password, elsewhere.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::certificate_authorities::CertificateAuthorities;
use crate::environment::{
    EnvError, ReadFile, Variable, is_loopback, read_file_of_variable, unusable,
};
use crate::mail::certificate_authorities::CA;

/// The variable that holds the server's address.
pub const URL: &str = "ARKIB_SMTP_URL";
/// The variable that holds the name to log in with.
pub const USER: &str = "ARKIB_SMTP_USER";
/// The variable that holds the password itself.
pub const PASSWORD: &str = "ARKIB_SMTP_PASSWORD";
/// The variable that names a file with the password in it.
pub const PASSWORD_FILE: &str = "ARKIB_SMTP_PASSWORD_FILE";

/// How a connection is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 section 3.3).
    Tls,
    /// STARTTLS, without which nothing is sent (RFC 3207).
    StartTls,
    /// None: the server is this machine.
    Plain,
}

/// The server, and the login there.
#[derive(Clone)]
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<(String, SecretString)>,
    pub(super) authorities: CertificateAuthorities,
}

impl Server {
    /// Reads the environment, which is passed in, as the file system is.
    ///
    /// # Errors
    /// Names the variable that is missing, empty, one too many, or holds what cannot be used.
    pub fn from_environment(
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<Self, EnvError> {
        let url = variable(URL).filter(|url| !url.trim().is_empty());
        let url = url.ok_or_else(|| unusable!("setting-no-server", url = URL; url = URL))?;
        let (host, port, security) = parse_url(url.trim())?;
        let login = read_login(variable, read_file)?;
        let mut server =
            Self { host, port, security, login, authorities: CertificateAuthorities::default() };
        if let Some(file) = variable(CA) {
            server.authorities =
                CertificateAuthorities::from_pem(&read_file_of_variable(CA, &file, read_file)?)?;
            // Who names an authority for this machine's own server wants it to be shown.
            if server.security == Security::Plain {
                server.security = Security::StartTls;
            }
        }
        Ok(server)
    }

    /// Host and port, for display.
    pub fn host_and_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What must never be printed: the password, also as it is written on the way to the server
    /// (RFC 4616, and the login of old), which a server may repeat.
    pub fn secrets(&self) -> Vec<SecretString> {
        let Some((user, password)) = &self.login else {
            return Vec::new();
        };
        let plain = format!("\0{user}\0{}", password.expose_secret());
        vec![
            password.clone(),
            STANDARD.encode(plain).into(),
            STANDARD.encode(password.expose_secret()).into(),
        ]
    }
}

/// Shows where, never the login.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("at", &self.host_and_port())
            .field("security", &self.security)
            .field("login", &self.login.is_some())
            .finish()
    }
}

fn parse_url(text: &str) -> Result<(String, u16, Security), EnvError> {
    let what = message!("setting-mail-address", variable = URL);
    let rewrite = |why| EnvError { why, help: message!("setting-mail-url-help", url = URL) };
    let bad = |why: &str| rewrite(message!("setting-mail-url", what = &what, why));
    // The text itself is not shown: it may hold a password.
    let url = Url::parse(text).map_err(|error| {
        rewrite(message!("setting-no-url", what = &what, error = error.to_string()))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        let (password, file) = (PASSWORD, PASSWORD_FILE);
        let help = message!("setting-mail-login-help", user = USER, password, file);
        return Err(EnvError { why: message!("setting-url-login", what), help });
    }
    let has_more = !matches!(url.path(), "" | "/") || url.query().is_some();
    if has_more || url.fragment().is_some() {
        return Err(bad("more"));
    }
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) {
        return Err(bad("no-host"));
    }
    let (port, security) = match url.scheme() {
        "smtps" => (465, Security::Tls),
        "smtp" if is_loopback(host) => (587, Security::Plain),
        "smtp" => (587, Security::StartTls),
        _ => return Err(bad("scheme")),
    };
    let port = url.port().unwrap_or(port);
    Ok((host.to_ascii_lowercase(), port, security))
}

fn read_login(
    variable: Variable<'_>,
    read_file: ReadFile<'_>,
) -> Result<Option<(String, SecretString)>, EnvError> {
    let user = variable(USER).filter(|user| !user.is_empty());
    let password = match (variable(PASSWORD), variable(PASSWORD_FILE)) {
        (Some(_), Some(_)) => {
            return Err(unusable!("setting-both", variable = PASSWORD, file = PASSWORD_FILE));
        }
        (password, None) => password,
        (None, Some(file)) => {
            let bytes = read_file_of_variable(PASSWORD_FILE, &file, read_file)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| unusable!("setting-no-text", file = PASSWORD_FILE))?;
            Some(text.trim_end_matches(['\n', '\r']).to_owned())
        }
    };
    match (user, password) {
        (None, None) => Ok(None),
        // A secret that a job names and that is not set is empty; a server may need no login.
        (None, Some(password)) if password.is_empty() => Ok(None),
        (Some(user), Some(password)) if !password.is_empty() => {
            if user.chars().chain(password.chars()).any(char::is_control) {
                return Err(unusable!("setting-mail-control", user = USER));
            }
            Ok(Some((user, SecretString::from(password))))
        }
        (Some(_), _) => Err(
            unusable!("setting-no-password", user = USER; password = PASSWORD, file = PASSWORD_FILE),
        ),
        (None, Some(_)) => Err(unusable!("setting-no-user", user = USER; user = USER)),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use secrecy::ExposeSecret as _;

    use super::*;

    fn server(variables: &[(&str, &str)]) -> Result<Server, EnvError> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Server::from_environment(&variable, &|path| match path.to_str() {
            Some("password") => Ok(b"rahsia-0001\n".to_vec()),
            Some("empty.pem") => Ok(Vec::new()),
            _ => Err(io::Error::other("no such file")),
        })
    }

    #[test]
    fn address_sets_the_security() {
        let of =
            |url| server(&[(URL, url)]).map(|server| (server.host_and_port(), server.security));
        let at = |shown: &str, security| Ok((shown.to_owned(), security));
        assert_eq!(of("smtps://mel.agensi.example"), at("mel.agensi.example:465", Security::Tls));
        assert_eq!(
            of("smtp://MEL.agensi.example/"),
            at("mel.agensi.example:587", Security::StartTls)
        );
        assert_eq!(of("smtp://10.0.0.1:25"), at("10.0.0.1:25", Security::StartTls));
        assert_eq!(of("smtp://127.0.0.1:2525"), at("127.0.0.1:2525", Security::Plain));
        assert_eq!(of("smtp://[::1]:2525"), at("::1:2525", Security::Plain));
        assert_eq!(of("smtps://localhost:2525"), at("localhost:2525", Security::Tls));
    }

    #[test]
    fn refuses_bad_addresses_without_showing_secrets() {
        for url in [
            "",
            " ",
            "mel.agensi.example",
            "http://mel.agensi.example",
            "smtp://u:rahsia-0001@mel.agensi.example",
            "smtp://mel.agensi.example/path",
            "smtp://mel.agensi.example?tls=no",
            "smtp://",
            "smtp://a%0d%0ab/",
        ] {
            let refused = server(&[(URL, url)]).map(|server| server.host_and_port());
            let refused = refused.expect_err(url);
            assert!(!format!("{refused:?}").contains("rahsia"), "{refused:?}");
        }
        assert!(server(&[]).expect_err("nothing is set").why.contains(URL));
    }

    #[test]
    fn requires_user_and_password_together() {
        let url = (URL, "smtps://mel.agensi.example");
        let with = |more: &[(&str, &str)]| server(&[&[url], more].concat());
        let good = with(&[(USER, "arkib"), (PASSWORD_FILE, "password")]).expect("a login");
        let secrets: Vec<String> =
            good.secrets().iter().map(|secret| secret.expose_secret().to_owned()).collect();
        // As a server is told it, too: base64 of NUL, user, NUL, password; and of the password.
        let secrets_given = ["rahsia-0001", "AGFya2liAHJhaHNpYS0wMDAx", "cmFoc2lhLTAwMDE="];
        assert_eq!(secrets, secrets_given);
        assert!(!format!("{good:?}").contains("rahsia"), "{good:?}");
        for bad in [
            &[(USER, "arkib")][..],
            &[(USER, "arkib"), (PASSWORD, "")],
            &[(PASSWORD, "rahsia-0001")],
            &[(USER, "arkib"), (PASSWORD, "x"), (PASSWORD_FILE, "password")],
            &[(USER, "arkib"), (PASSWORD_FILE, "nowhere")],
            &[(USER, "arkib\r\nX"), (PASSWORD, "rahsia-0001")],
            &[(CA, "nowhere")],
            &[(CA, "")],
            &[(CA, "empty.pem")],
        ] {
            assert!(with(bad).is_err(), "{bad:?}");
        }
    }
}
