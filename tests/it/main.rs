//! Tests of arkib as its users see it, and of properties that hold for every input.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod architecture;
mod auth_proxy;
mod authentication;
mod bounded_output;
mod broken;
mod bulk;
mod chaos;
mod comments;
mod custom_portal;
mod dev_portal;
mod diagnostics;
mod evidence;
mod export_mutations;
mod git_history;
mod hand_over;
mod hold;
mod hostile_requests;
mod import;
mod kept_plans;
mod killed_runs;
mod large_plans;
mod leaks;
mod limits;
mod mapping;
mod merging;
mod new_request;
mod notify;
mod outputs;
mod portal;
mod properties;
mod proxy;
mod readme;
mod record_mutations;
mod records;
mod register;
mod request_mutations;
mod review_bypass;
mod security;
mod session;
mod shards;
mod signed_approvals;
mod smtp_server;
#[cfg(unix)]
mod terminal;
mod tls;
mod tls_server;
mod uncommitted;
