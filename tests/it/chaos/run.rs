//! One case: runs with faults, then without, each checked.

use std::time::{Duration, Instant};

use arkib::apply::{ApplyLimits, ChangeListener, Outcome, Stop, apply};
use arkib::devportal;
use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::desired::fold_requests;
use arkib::domain::mapping::scim::Mapping;
use arkib::domain::plan::{Change, Plan, Refusal, plan};
use arkib::portal::scim;
use arkib::portal::scim::{ClientLimits, ConnectionConfig};
use arkib::portal::{PortalReader as _, PortalWriter as _};
use jiff::civil::Date;
use secrecy::SecretString;

use super::agency::Agency;
use super::approved::approved;
use super::checks::{self, Trail};
use super::counts::Counts;
use super::fault_proxy::FaultProxy;

pub const TOKEN: &str = "chaos-chaos-chaos";

pub struct NoJournal;

impl ChangeListener for NoJournal {
    async fn before_change(&self, _: &Change) -> Result<(), arkib::language::Message> {
        Ok(())
    }
    async fn on_end(&self, _: &Change, _: &Outcome) {}
}

/// For a portal on loopback: short pauses, so that a case is quick. No fault keeps a connection open, so
/// only a busy machine takes long to answer.
pub fn limits() -> ClientLimits {
    ClientLimits {
        connect: Duration::from_secs(20),
        read: Duration::from_secs(20),
        request: Duration::from_secs(20),
        attempts: 3,
        first_delay: Duration::from_millis(1),
        longest_delay: Duration::from_millis(2),
        max_retry_after: Duration::from_millis(50),
        patience: Duration::from_secs(60),
        reading_pause: Duration::from_millis(1),
        concurrency: 4,
        ..ClientLimits::default()
    }
}

/// Reads that lag behind writes do so for some milliseconds.
pub fn apply_limits(concurrency: usize) -> ApplyLimits {
    ApplyLimits { concurrency, read_lag: Duration::from_millis(20) }
}

/// A run's plan and outcomes.
type RunResult = (Plan, Vec<Outcome>);

/// One run through the proxy. `Ok(None)` if the portal could not be read, which is no violation.
async fn run(
    proxy: &FaultProxy,
    agency: &Agency,
    as_of: Date,
    limits: &ClientLimits,
) -> Result<Option<RunResult>, String> {
    let endpoint = ConnectionConfig::new(&proxy.url, SecretString::from(TOKEN)).unwrap();
    let Ok(reader) = scim::connect(&endpoint, limits, &Mapping::default()).await else {
        return Ok(None);
    };
    let desired = fold_requests(&agency.requests, as_of, &UnverifiedApprovals::new());
    let asked = &desired.named;
    let read = if agency.reads_all {
        reader.read_all(&Default::default(), &|_, _| {}).await
    } else {
        reader.read_some(asked).await
    };
    let Ok(observed) = read else {
        return Ok(None);
    };
    proxy.record_plan(&observed).await;
    let is_asked =
        |mailbox: &str| agency.reads_all || asked.iter().any(|asked| asked.as_str() == mailbox);
    checks::check_all_observed(agency, is_asked, &observed)?;
    let plan = plan(&desired, &observed, &agency.policy);
    let Ok(writer) = scim::connect_to_write(&endpoint, limits, &Mapping::default()).await else {
        return Ok(None);
    };
    if writer.refuses_stale_versions() != agency.request_faults.if_match {
        return Err("it did not learn whether the portal supports If-Match".to_owned());
    }
    let accepted: Vec<String> = match &plan.refusals[..] {
        [] => Vec::new(),
        // If others undid most changes, a person must accept them again.
        [refusal] if refusal.code() == Refusal::CHANGES_UNDONE => {
            let text = refusal.to_string();
            let mut numbers = text.split(' ').filter_map(|word| word.parse().ok());
            let (gone, wanted) = numbers.next().zip(numbers.next()).ok_or(&*text)?;
            let approved = approved(&agency.filed, as_of);
            checks::check_archives_gone(agency, &approved, &proxy.audit().await, (gone, wanted))?;
            vec![plan.digest.to_string()]
        }
        refusals => return Err(format!("refused: {refusals:?}")),
    };
    let cleared = plan.clear_to_run(&accepted, true).map_err(|why| format!("{why:?}"))?;
    let outcomes =
        apply(cleared, &writer, &reader, apply_limits(4), &Stop::default(), &NoJournal).await;
    Ok(Some((plan, outcomes)))
}

/// Checks the properties for one seed.
pub async fn run_case(seed: u64) -> Result<Counts, String> {
    let agency = Agency::from(seed);
    let portal = devportal::start(agency.options.clone()).await.unwrap();
    let proxy = FaultProxy::start_before(portal.url(), agency.request_faults).await;
    if !agency.request_faults.keeps_holds {
        for (place, start) in agency.starts.iter().enumerate() {
            if start.held {
                proxy.add_hold(&format!("{:08x}", place + 1));
            }
        }
    }
    let mut counts = Counts::default();
    let checked = check_runs(&agency, &proxy, &mut counts).await;
    let injected = proxy.injected();
    portal.stop().await;
    counts.injected(&injected);
    match checked {
        Ok(()) => Ok(counts),
        Err(why) => {
            let injected =
                injected.iter().map(|(injected, kind)| format!("\n  {injected:?} {kind}"));
            let injected: String = injected.collect();
            Err(format!("{why}\n{:?}; injected:{injected}", agency.request_faults))
        }
    }
}

async fn check_runs(
    agency: &Agency,
    proxy: &FaultProxy,
    counts: &mut Counts,
) -> Result<(), String> {
    let mut runs = Vec::new();
    for day in &agency.days {
        let begins = proxy.audit().await.len();
        runs.push((begins, approved(&agency.filed, *day)));
        let result = run(proxy, agency, *day, &limits()).await?;
        proxy.wait_until_idle().await;
        let trail = proxy.audit().await;
        let (plan, outcomes) = result.unzip();
        if let Some(plan) = &plan {
            counts.plan(plan);
        }
        let changes = plan.iter().flat_map(|plan| &plan.changes);
        for (change, outcome) in changes.zip(outcomes.iter().flatten()) {
            counts.outcome(outcome);
            let trail = Trail { all: &trail, begins };
            checks::check_outcome(
                agency,
                (change, outcome),
                &trail,
                proxy.claimed_falsely(&change.id),
            )?;
        }
    }
    proxy.stop_faults().await;
    check_convergence(agency, proxy).await?;
    if let Some(violation) = proxy.violations().first() {
        return Err(violation.clone());
    }
    checks::check_trail(agency, &proxy.audit().await, &runs)
}

/// Without faults one run makes the remaining changes as soon as none is in progress, and the next has
/// nothing to do.
async fn check_convergence(agency: &Agency, proxy: &FaultProxy) -> Result<(), String> {
    let day = agency.days[agency.days.len() - 1];
    let last_try = Instant::now() + Duration::from_secs(120);
    tokio::time::sleep(agency.options.provisioning_delay * 2).await;
    let mut is_settled = false;
    let mut was_moving = false;
    loop {
        let result = run(proxy, agency, day, &limits()).await?;
        let (plan, outcomes) = result.ok_or("the portal could not be read without faults")?;
        let changes = plan.changes.len();
        if let Some(bad) = outcomes.iter().find(|outcome| !outcome.is_done_or_handed_over()) {
            return Err(format!("without faults: {bad:?} of {changes} changes"));
        }
        // However busy the machine is. (What was in progress at the start ends only after seconds where a
        // change takes no time.)
        let ends_soon = !agency.options.provisioning_delay.is_zero();
        if ends_soon && !plan.in_progress.is_empty() && Instant::now() < last_try {
            tokio::time::sleep(agency.options.provisioning_delay * 2).await;
            continue;
        }
        match (is_settled, changes) {
            (true, 0) => return Ok(()),
            // What was in progress may have ended meanwhile, and then needs a change.
            (true, _) if !was_moving => {
                return Err(format!("it does not converge: {:?}", plan.changes));
            }
            _ => is_settled = true,
        }
        was_moving = !plan.in_progress.is_empty();
    }
}
