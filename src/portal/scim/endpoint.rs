//! Where the portal is and the token that opens it; both come from the environment alone, so that
//! no pull request can send the token elsewhere. May not know HTTP beyond what an address is.

use std::fmt;
use std::io;
use std::path::Path;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::proxy;
use super::tls::Tls;
use crate::portal::{ErrorKind, PortalError};

/// The variable that holds the portal's address.
pub const URL: &str = "ARKIB_PORTAL_URL";
/// The variable that holds the token itself.
pub const TOKEN: &str = "ARKIB_PORTAL_TOKEN";
/// The variable that names a file with the token in it.
pub const TOKEN_FILE: &str = "ARKIB_PORTAL_TOKEN_FILE";

const DOING: &str = "setting up the connection to the portal";

/// What a variable of the environment holds, where it is set.
pub type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;
/// The bytes of a file, refused where they are unreasonably many.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// The portal's address and the bearer token for it (RFC 6750, RFC 7644 section 2), how each knows
/// the other, and the way there.
#[derive(Clone)]
pub struct Endpoint {
    base: Url,
    token: SecretString,
    tls: Tls,
    proxy: Option<reqwest::Proxy>,
}

impl Endpoint {
    /// Takes an address as `https://host/scim/v2`. Plain HTTP is for loopback only.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], saying what is wrong with the address or the token.
    pub fn new(url: &str, token: SecretString) -> Result<Self, PortalError> {
        let base = address(url)?;
        check_token(token.expose_secret())?;
        Ok(Self {
            base,
            token,
            tls: Tls::default(),
            proxy: None,
        })
    }

    /// Reads `ARKIB_PORTAL_URL`, either `ARKIB_PORTAL_TOKEN` or `ARKIB_PORTAL_TOKEN_FILE`, the files
    /// of [`Tls`], and the proxy. The environment and the file system are passed in.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], naming the variable that is missing, empty, one too many, or
    /// holds what cannot be used.
    pub fn from_environment(
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<Self, PortalError> {
        let url = variable(URL).ok_or_else(|| {
            wrong(
                format!("{URL} is not set"),
                format!("set {URL} to the portal's SCIM address, such as https://portal.agensi.example/scim/v2"),
            )
        })?;
        if url.trim().is_empty() {
            return Err(wrong(
                format!("{URL} is empty"),
                format!(
                    "set {URL} to the portal's SCIM address; an unset CI secret often looks like this"
                ),
            ));
        }
        let token = match (variable(TOKEN), variable(TOKEN_FILE)) {
            (Some(_), Some(_)) => {
                return Err(wrong(
                    format!("both {TOKEN} and {TOKEN_FILE} are set"),
                    "set one of them only, so that it is clear which token is used".into(),
                ));
            }
            (None, None) => {
                return Err(wrong(
                    format!("neither {TOKEN} nor {TOKEN_FILE} is set"),
                    format!(
                        "set {TOKEN} to the portal's bearer token, or {TOKEN_FILE} to a file that holds it"
                    ),
                ));
            }
            (Some(token), None) => token,
            (None, Some(file)) if file.is_empty() => {
                return Err(wrong(
                    format!("{TOKEN_FILE} is empty"),
                    format!("set {TOKEN_FILE} to the path of the file that holds the token"),
                ));
            }
            (None, Some(file)) => {
                let bytes = read(TOKEN_FILE, &file, read_file)?;
                // What is not text is no token, and is refused as such.
                String::from_utf8_lossy(&bytes).into_owned()
            }
        };
        let mut endpoint = Self::new(url.trim(), SecretString::from(without_newline(token)))?;
        endpoint.tls = Tls::from_environment(variable, read_file)?;
        if endpoint.base.scheme() == "http" && !endpoint.tls.is_default() {
            return Err(wrong(
                format!("certificates are set up, but {URL} is plain http, where nobody shows any"),
                format!("write {URL} with https://, or take the certificates' variables away"),
            ));
        }
        if !endpoint.is_loopback() {
            endpoint.proxy = proxy::from_environment(variable)?;
        }
        Ok(endpoint)
    }

    /// Host and port, for display.
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        match self.base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The address without a slash at its end.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    pub(crate) fn token(&self) -> &SecretString {
        &self.token
    }

    /// How the portal and arkib know each other.
    pub(super) fn tls(&self) -> &Tls {
        &self.tls
    }

    /// The proxy that the environment names, which an address on this machine never needs.
    pub(super) fn proxy(&self) -> Option<&reqwest::Proxy> {
        self.proxy.as_ref()
    }

    /// Whether requests stay on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }
}

/// Shows where, never the token.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("host", &self.host())
            .field("token", &format_args!("[hidden]"))
            .finish()
    }
}

fn address(text: &str) -> Result<Url, PortalError> {
    // The text itself is not shown: it may hold a password.
    let mut url = Url::parse(text).map_err(|error| {
        wrong(
            format!("the portal's address is not a URL: {error}"),
            format!("write {URL} as https://host/scim/v2"),
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "the portal's address has a user name or password in it".into(),
            format!(
                "take what stands before the @ out of {URL}; the token goes into {TOKEN} or {TOKEN_FILE}"
            ),
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "the portal's address has a ? or # part".into(),
            format!("end {URL} with the path, such as /scim/v2"),
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(wrong(
                "the portal's address is plain http, which would show the token to everyone on the way".into(),
                format!("write {URL} with https://; plain http is for a portal on this machine only"),
            ));
        }
        _ => {
            return Err(wrong(
                "the portal's address does not start with https://".into(),
                format!("write {URL} as https://host/scim/v2"),
            ));
        }
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// 127.0.0.0/8, ::1 and `localhost`, which the HTTP client resolves itself to these.
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    if host == "localhost" {
        return true;
    }
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

fn check_token(token: &str) -> Result<(), PortalError> {
    if token.is_empty() {
        return Err(wrong(
            "the portal's token is empty".into(),
            format!("set {TOKEN} or {TOKEN_FILE}; an unset CI secret often looks like this"),
        ));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(wrong(
            "the portal's token has a character in it that no token has (a space, a line break, a control character or a letter beyond ASCII)".into(),
            "copy the token again, alone on one line".into(),
        ));
    }
    Ok(())
}

/// One newline at the end, as editors and `echo` leave it.
fn without_newline(mut token: String) -> String {
    if token.ends_with('\n') {
        token.pop();
        if token.ends_with('\r') {
            token.pop();
        }
    }
    token
}

/// The bytes of the file that a variable names.
pub(super) fn read(
    variable: &str,
    file: &str,
    read_file: ReadFile<'_>,
) -> Result<Vec<u8>, PortalError> {
    read_file(Path::new(file)).map_err(|error| {
        wrong(
            format!("the file that {variable} names cannot be read: {error}"),
            "check the path and who may read it".into(),
        )
    })
}

pub(super) fn wrong(detail: String, help: String) -> PortalError {
    PortalError {
        kind: ErrorKind::Configuration,
        doing: DOING.into(),
        detail,
        help,
    }
}
