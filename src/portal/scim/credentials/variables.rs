//! The variables that say how arkib gets in, and the secrets among them. May not know which of them
//! are set, nor what is made of them.

use super::source::Kind;

/// The variable that holds the token itself.
pub(super) const TOKEN: &str = "ARKIB_PORTAL_TOKEN";
/// The variable that names a file with the token in it.
pub(super) const TOKEN_FILE: &str = "ARKIB_PORTAL_TOKEN_FILE";
/// The variable that holds the address of the token endpoint (RFC 6749 section 3.2).
pub(super) const OAUTH_URL: &str = "ARKIB_PORTAL_OAUTH_URL";
/// The variable that holds the client's name there.
pub(super) const OAUTH_CLIENT_ID: &str = "ARKIB_PORTAL_OAUTH_CLIENT_ID";
/// The variable that holds its secret.
pub(super) const OAUTH_CLIENT_SECRET: &str = "ARKIB_PORTAL_OAUTH_CLIENT_SECRET";
/// The variable that names a file with the secret in it.
pub(super) const OAUTH_CLIENT_SECRET_FILE: &str = "ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE";
/// The variable that holds what the token is to be for (RFC 6749 section 3.3).
pub(super) const OAUTH_SCOPE: &str = "ARKIB_PORTAL_OAUTH_SCOPE";
/// The variable that says how the secret is sent: `basic` or `post`.
pub(super) const OAUTH_AUTH: &str = "ARKIB_PORTAL_OAUTH_AUTH";
/// The variable that holds a user's name.
pub(super) const USER: &str = "ARKIB_PORTAL_USER";
/// The variable that holds the user's password.
pub(super) const PASSWORD: &str = "ARKIB_PORTAL_PASSWORD";
/// The variable that names a file with the password in it.
pub(super) const PASSWORD_FILE: &str = "ARKIB_PORTAL_PASSWORD_FILE";

pub(super) static THE_TOKEN: Kind = Kind {
    name: "the portal's token",
    variable: TOKEN,
    file: TOKEN_FILE,
    is_token: true,
};
pub(super) static CLIENT_SECRET: Kind = Kind {
    name: "the client secret",
    variable: OAUTH_CLIENT_SECRET,
    file: OAUTH_CLIENT_SECRET_FILE,
    is_token: false,
};
pub(super) static THE_PASSWORD: Kind = Kind {
    name: "the password",
    variable: PASSWORD,
    file: PASSWORD_FILE,
    is_token: false,
};
