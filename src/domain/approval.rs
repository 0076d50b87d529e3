//! Approvals as signed statements: the text that an approver signs. Pure.

pub mod statement;
