//! The words of a foreign portal for the states of archives and accounts. The policy defines them;
//! the client of each kind of portal reads and writes with them. Pure.

pub mod export_file;
pub mod scim;
pub mod scim_urns;
pub mod upload_file;
pub mod vocabulary;
pub mod written_words;
