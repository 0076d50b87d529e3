//! A portal that speaks SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865): the client.
//!
//! [`connect`] gives a [`Reader`], which has no way to write and no way to become a [`Writer`];
//! [`connect_to_write`] gives a [`Writer`]. May not know requests, policy or plan.

mod address;
mod attribute_counts;
mod batch;
mod bulk;
mod bulk_writer;
mod capabilities;
mod connection;
mod consistency;
mod credentials;
mod cursor;
mod directory;
mod emails;
mod endpoint;
mod fetch;
mod fit;
mod http;
mod inspect;
mod json;
mod lenient;
mod limits;
mod list;
mod lookup;
mod mapping_counts;
mod matcher;
mod page;
mod patch;
#[cfg(any(test, fuzzing))]
pub mod property;
mod proxy;
mod query;
mod reader;
mod schemas;
mod shown_attributes;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tls;
mod user;
mod writer;

pub use self::endpoint::{Endpoint, URL};
pub use self::inspect::inspect;
pub use self::limits::Limits;
pub use self::reader::{Reader, connect};
pub use self::tls::{CA, CERT, KEY, Tls};
pub use self::writer::{Writer, connect_to_write};
