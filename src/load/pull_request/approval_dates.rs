//! The days of the approvals that a pull request brings: nobody approves ahead of time, and what was
//! approved long ago is approved again before it is merged.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::agency::LoadedAgencies;
use crate::domain::request::Approval;
use crate::domain::request::rules::approval_key;
use crate::domain::request::three_way_merge::MergedPullRequest;
use crate::finding::Finding;
use crate::load::agency_loader;
use crate::yaml::{UnlocatedFinding, YamlPath};

/// The most days between an approval and the check of the pull request that brings it.
const MAX_DAYS: i64 = 31;

/// Approvals that are not from the last days before `as_of`, or that day.
pub(super) fn find_misdated_approvals(
    pull: &MergedPullRequest,
    before: &LoadedAgencies,
    after: &LoadedAgencies,
    as_of: Date,
) -> Vec<Finding> {
    let first = as_of.saturating_sub(MAX_DAYS.days());
    let touched = pull.touched.iter().filter(|touched| touched.after.is_some());
    let touched = touched.map(|touched| pull.merged.display_path(&touched.path));
    let is_misdated = |approval: &Approval| !(first..=as_of).contains(&approval.date);
    let requests = touched.filter_map(|file| after.request_in_file(&file));
    let found = requests.flat_map(|request| {
        let merged = before.request_in_file(&request.file);
        let merged = merged.map_or(&[][..], |merged| &merged.approvals);
        let approvals = request.approvals.iter().enumerate();
        let new =
            approvals.filter(|(_, approval)| is_misdated(approval) && !merged.contains(approval));
        let issues = new.map(|(index, approval)| {
            let day = approval.date;
            let (kind, help) = match day > as_of {
                true => ("approval-in-the-future", message!("approval-day-help")),
                false => ("approval-too-old", message!("approval-day-again-help")),
            };
            let why = message!("approval-day", day, first, as_of);
            UnlocatedFinding::error(approval_key(index, "date"), kind, why, help)
        });
        let issues: Vec<UnlocatedFinding> = issues.collect();
        if issues.is_empty() {
            return Vec::new();
        }
        agency_loader::locate_request_findings(&pull.merged, &request.file, issues)
    });
    found.collect()
}

/// Approvals that a pull request brings under a rule that no longer counts: they are dated before the policy's
/// `since`, and are too few for what it asks since then. The day is the approver's own word.
pub(super) fn find_approvals_before_the_rule(
    pull: &MergedPullRequest,
    before: &LoadedAgencies,
    after: &LoadedAgencies,
    as_of: Date,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for agency in &after.agencies {
        let rule = &agency.policy.approvals;
        let Some(since) = rule.since.filter(|since| *since <= as_of) else { continue };
        for request in &agency.requests {
            let needs = rule.required(request.target(), Some(&since));
            let has = request.approvals.len();
            if request.approved_on().is_none() || has >= needs {
                continue;
            }
            let was = before.request_in_file(&request.file);
            if was.is_some_and(|was| was.approved_on().is_some()) {
                continue;
            }
            let why = message!("approval-too-few", has, needs, since);
            let help = message!("approval-too-few-help");
            let at = YamlPath::keys("approvals");
            let issue = UnlocatedFinding::error(at, "approval-before-the-rule", why, help);
            let (files, file) = (&pull.merged, &request.file);
            found.extend(agency_loader::locate_request_findings(files, file, vec![issue]));
        }
    }
    found
}
