//! The development portal: a complete SCIM 2.0 server on SQLite, on loopback only.
