//! One case: runs through the storm, then in good weather, each judged.

use std::time::Duration;

use arkib::apply::{Outcome, Stop, Witness, apply};
use arkib::devportal;
use arkib::domain::approval::UnverifiedApprovals;
use arkib::domain::desired::fold;
use arkib::domain::mapping::scim::Mapping;
use arkib::domain::plan::{Change, Plan, Refusal, plan};
use arkib::portal::scim;
use arkib::portal::scim::{Endpoint, Limits};
use arkib::portal::{PortalRead as _, PortalWrite as _};
use jiff::civil::Date;
use secrecy::SecretString;

use super::agency::Agency;
use super::judge::{self, Trail};
use super::oracle::approved;
use super::storm::Storm;
use super::tally::Tally;

pub const TOKEN: &str = "chaos-chaos-chaos";

pub struct Silent;

impl Witness for Silent {
    async fn begun(&self, _: &Change) -> Result<(), String> {
        Ok(())
    }
    async fn ended(&self, _: &Change, _: &Outcome) {}
}

/// For a portal on loopback: little patience, so that a case takes no longer than it must.
pub fn limits() -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        read: Duration::from_millis(300),
        request: Duration::from_millis(600),
        attempts: 3,
        first_delay: Duration::from_millis(1),
        longest_delay: Duration::from_millis(2),
        max_retry_after: Duration::from_millis(50),
        patience: Duration::from_millis(400),
        reading_pause: Duration::from_millis(1),
        concurrency: 4,
        ..Limits::default()
    }
}

/// In good weather only a machine that is busy with other things takes long.
fn patient() -> Limits {
    Limits {
        connect: Duration::from_secs(20),
        read: Duration::from_secs(20),
        request: Duration::from_secs(20),
        patience: Duration::from_secs(60),
        ..limits()
    }
}

/// A run's plan and outcomes.
type Ran = (Plan, Vec<Outcome>);

/// One run through the layer. `Ok(None)` where the portal could not be read, which is no violation.
async fn run(
    storm: &Storm,
    agency: &Agency,
    as_of: Date,
    limits: &Limits,
) -> Result<Option<Ran>, String> {
    let endpoint = Endpoint::new(&storm.url, SecretString::from(TOKEN)).unwrap();
    let Ok(reader) = scim::connect(&endpoint, limits, &Mapping::default()).await else {
        return Ok(None);
    };
    let desired = fold(&agency.requests, as_of, &UnverifiedApprovals::new());
    let asked = &desired.named;
    let read = if agency.reads_all {
        reader.read_all(&Default::default(), &|_, _| {}).await
    } else {
        reader.read_some(asked).await
    };
    let Ok(observed) = read else {
        return Ok(None);
    };
    storm.planned(&observed).await;
    let is_asked =
        |mailbox: &str| agency.reads_all || asked.iter().any(|asked| asked.as_str() == mailbox);
    judge::sees_everything(agency, is_asked, &observed)?;
    let plan = plan(&desired, &observed, &agency.policy);
    let Ok(writer) = scim::connect_to_write(&endpoint, limits, &Mapping::default()).await else {
        return Ok(None);
    };
    if writer.refuses_stale() != agency.request_faults.if_match {
        return Err("it did not learn whether the portal heeds If-Match".to_owned());
    }
    let accepted: Vec<String> = match &plan.refusals[..] {
        [] => Vec::new(),
        // Where most was taken back by others a person is to say that it may be done again.
        [refusal] if refusal.code() == Refusal::ARCHIVES_GONE => {
            let text = refusal.to_string();
            let mut numbers = text.split(' ').filter_map(|word| word.parse().ok());
            let (gone, wanted) = numbers.next().zip(numbers.next()).ok_or(&*text)?;
            let approved = approved(&agency.filed, as_of);
            judge::archives_gone(agency, &approved, &storm.audit().await, (gone, wanted))?;
            vec![plan.digest.to_string()]
        }
        refusals => return Err(format!("refused: {refusals:?}")),
    };
    let cleared = plan
        .clear(&accepted, true)
        .map_err(|why| format!("{why:?}"))?;
    let outcomes = apply(cleared, &writer, 4, &Stop::default(), &Silent).await;
    Ok(Some((plan, outcomes)))
}

/// The promises, for one seed.
pub async fn holds(seed: u64) -> Result<Tally, String> {
    let agency = Agency::from(seed);
    let portal = devportal::start(agency.options.clone()).await.unwrap();
    let storm = Storm::before(portal.url(), agency.request_faults).await;
    if !agency.request_faults.keeps_holds {
        for (place, start) in agency.starts.iter().enumerate() {
            if start.held {
                storm.holds(&format!("{:08x}", place + 1));
            }
        }
    }
    let mut tally = Tally::default();
    let kept = keeps(&agency, &storm, &mut tally).await;
    let dealt = storm.dealt();
    portal.stop().await;
    tally.dealt(&dealt);
    match kept {
        Ok(()) => Ok(tally),
        Err(why) => {
            let dealt = dealt
                .iter()
                .map(|(dealt, asks)| format!("\n  {dealt:?} {asks}"));
            let dealt: String = dealt.collect();
            Err(format!("{why}\n{:?}; dealt:{dealt}", agency.request_faults))
        }
    }
}

async fn keeps(agency: &Agency, storm: &Storm, tally: &mut Tally) -> Result<(), String> {
    let mut runs = Vec::new();
    for day in &agency.days {
        let begins = storm.audit().await.len();
        runs.push((begins, approved(&agency.filed, *day)));
        let ran = run(storm, agency, *day, &limits()).await?;
        storm.settles().await;
        let trail = storm.audit().await;
        let (plan, outcomes) = ran.unzip();
        if let Some(plan) = &plan {
            tally.plan(plan);
        }
        let changes = plan.iter().flat_map(|plan| &plan.changes);
        for (change, outcome) in changes.zip(outcomes.iter().flatten()) {
            tally.outcome(outcome);
            let trail = Trail {
                all: &trail,
                begins,
            };
            judge::outcome(agency, (change, outcome), &trail, storm.lied(&change.id))?;
        }
    }
    storm.ends().await;
    converges(agency, storm).await?;
    if let Some(violation) = storm.violations().first() {
        return Err(violation.clone());
    }
    judge::trail(agency, &storm.audit().await, &runs)
}

/// In good weather one run does what is left, and the next has nothing to do.
async fn converges(agency: &Agency, storm: &Storm) -> Result<(), String> {
    // What the portal is still at work on has to end first.
    tokio::time::sleep(agency.options.provisioning_delay * 2).await;
    let day = agency.days[agency.days.len() - 1];
    let unread = "it does not read in good weather";
    let (plan, outcomes) = run(storm, agency, day, &patient()).await?.ok_or(unread)?;
    let changes = plan.changes.len();
    if let Some(bad) = outcomes.iter().find(|outcome| !outcome.is_good()) {
        return Err(format!("in good weather: {bad:?} of {changes} changes"));
    }
    let (again, _) = run(storm, agency, day, &patient()).await?.ok_or(unread)?;
    if again.changes.is_empty() {
        return Ok(());
    }
    Err(format!("it does not converge: {:?}", again.changes))
}
