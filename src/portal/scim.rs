//! A portal that speaks SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865): the client.
//!
//! [`connect`] gives a [`Reader`], which has no way to write and no way to become a [`Writer`];
//! [`connect_to_write`] gives a [`Writer`]. May not know requests, policy or plan.

mod agency_variables;
mod attribute_profile;
mod batcher;
mod bulk;
mod bulk_writer;
mod capabilities;
mod compiled_mapping;
mod confirmed_attributes;
mod connection_config;
mod consistency;
mod credentials;
mod cursor_peek;
mod emails;
mod fetch_page;
#[cfg(any(test, fuzzing))]
pub mod fuzz_property;
mod http;
mod inspect;
mod json;
mod lenient_json;
mod limits;
mod list;
mod list_end;
mod list_state_check;
mod lookup;
mod mapping_fit;
mod mapping_trial;
mod page;
mod page_size;
mod patch;
mod query;
mod quirks;
mod read_session;
mod reader;
mod schemas;
mod scim_client;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod user;
mod variables;
mod writer;

pub use self::agency_variables::names_for_agency;
pub use self::connection_config::ConnectionConfig;
pub use self::http::outage::Outage;
pub use self::inspect::inspect;
pub use self::limits::ClientLimits;
pub use self::page::read_page;
pub use self::reader::{Reader, connect, connect_to_read_people};
pub use self::variables::URL;
pub use self::writer::{Writer, connect_to_write};
