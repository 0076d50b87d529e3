//! arkib keeps an agency's archive mailboxes as its approved requests say.
//!
//! Data flows one way: request files → desired → plan (with observed) → outcomes → reports.
//! The modules `request` (but its reader), `policy`, `desired`, `observed` and `plan` are pure:
//! they know no I/O, no clock and no async. Only `commands` joins the stages.

pub mod mailbox;
pub mod observed;
pub mod portal;
