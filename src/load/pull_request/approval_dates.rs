//! The days of the approvals that a pull request brings: nobody approves ahead of time, and what was
//! approved long ago is approved again before it is merged.

use std::collections::HashSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::agency::LoadedAgencies;
use crate::domain::request::Request;
use crate::domain::request::three_way_merge::PullRequest;
use crate::finding::Finding;
use crate::load::agency_loader;
use crate::yaml::{UnlocatedFinding, YamlPath};

/// The most days between an approval and the check of the pull request that brings it.
const MAX_DAYS: i64 = 31;

/// Approvals that are not from the last days before `as_of`, or that day.
pub(super) fn find_misdated_approvals(
    pull: &PullRequest,
    before: &LoadedAgencies,
    after: &LoadedAgencies,
    as_of: Date,
) -> Vec<Finding> {
    let first = as_of.saturating_sub(MAX_DAYS.days());
    let touched = pull.touched.iter().filter(|touched| touched.after.is_some());
    let touched: HashSet<_> =
        touched.map(|touched| pull.merged.display_path(&touched.path)).collect();
    let is_misdated = |request: &&Request| {
        let day = request.approval.as_ref().map(|approval| approval.date);
        day.is_some_and(|day| !(first..=as_of).contains(&day)) && touched.contains(&request.file)
    };
    let mut misdated: Vec<&Request> = requests(after).filter(is_misdated).collect();
    if misdated.is_empty() {
        return Vec::new();
    }
    let approved = requests(before).filter(|request| request.approval.is_some());
    let approved: HashSet<&str> = approved.map(|request| &*request.file).collect();
    misdated.retain(|request| !approved.contains(&*request.file));
    let found = misdated.into_iter().filter_map(|request| {
        let day = request.approval.as_ref()?.date;
        let (kind, help) = match day > as_of {
            true => ("approval-in-the-future", "write the day on which it was approved"),
            false => ("approval-too-old", "ask the approver to approve again, and write that day"),
        };
        let why = format!("found an approval of {day}, expected a day from {first} to {as_of}");
        let issue = UnlocatedFinding::error(YamlPath::keys("approval.date"), kind, why, help);
        Some(agency_loader::locate_request_findings(&pull.merged, &request.file, vec![issue]))
    });
    found.flatten().collect()
}

fn requests(loaded: &LoadedAgencies) -> impl Iterator<Item = &Request> {
    loaded.agencies.iter().flat_map(|agency| &agency.requests).map(|request| &**request)
}
