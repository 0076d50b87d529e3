//! Approvals as signed statements: the text that an approver signs, and whether a signature is the
//! approver's. Pure.

pub mod statement;
pub mod verification;
