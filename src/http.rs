//! HTTP for whom arkib asks: how requests leave (certificates, proxies, no redirects), what of an answer
//! is read, why none came, and when it is asked again. May not know whom it asks, nor what for.

mod body;
mod bounded_retry;
mod client;
mod explanations;
mod headers;
mod proxy;
mod retry;
mod tls;
mod transport_error;
mod url_variable;

pub use self::body::read as read_body;
pub use self::bounded_retry::{Answer, TRY_TIMEOUTS, send_with_retries};
pub use self::client::{Timeouts, build_client};
pub use self::explanations::{Explanation, Explanations};
pub use self::headers::{content_type, date, header_text, is_web_page, redirect_host, retry_after};
pub use self::proxy::from_environment as proxy_from_environment;
pub use self::retry::retry_delays;
pub use self::tls::{Tls, TlsVariables};
pub use self::transport_error::{HttpError, HttpErrorKind, Peer, explain_transport_error};
pub use self::url_variable::{UrlVariable, host_and_port};
