//! The variables that say where the portal is and which certificates count there, and whom errors name.

use crate::http::{Peer, TlsVariables};

/// The variable that holds the portal's address.
pub const URL: &str = "ARKIB_PORTAL_URL";

/// Those that name the certificates for the portal and its token endpoint.
pub(super) static TLS: TlsVariables =
    TlsVariables { ca: "ARKIB_PORTAL_CA", cert: "ARKIB_PORTAL_CERT", key: "ARKIB_PORTAL_KEY" };

pub(super) const PORTAL: Peer = Peer { name: "the portal", variable: URL, tls: &TLS };
