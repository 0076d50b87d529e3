//! The pure core: what requests want, what the portal has, the plan, and the results.
//! It may not use I/O, clocks, async code or the environment (docs/en/ARCHITECTURE.md).

pub mod agency;
pub mod alert;
pub mod approval;
pub mod archive_state;
pub mod change_outcome;
pub mod desired;
pub(crate) mod field_validator;
pub mod lifecycle;
pub mod local_time;
pub mod mailbox_address;
pub mod mapping;
pub mod notice;
pub mod observed;
pub mod other_files;
pub mod plan;
pub mod policy;
pub mod portal_inspection;
pub mod record;
pub mod register;
pub mod rehearsal;
pub mod repository_path_resolver;
pub mod request;
pub mod texts;
pub mod written_date;
