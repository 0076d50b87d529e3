//! Rehearses a mapping on one test mailbox: each change is written, read back, and at the end the
//! mailbox is put back as it was found. No request is the authority for it: whoever calls it names the
//! mailbox. Knows neither requests nor records.

mod put_back;

use std::future::Future;
use std::time::Duration;

use super::Stop;
use super::precondition::is_settling;
use crate::domain::archive_state::{AccountState, State, Target};
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::observed::ObservedMailbox;
use crate::domain::rehearsal::{
    NO_REQUEST, Problem, RehearsalAction, RehearsalResult, RehearsalStep, RestoreOutcome,
    StepFailure,
};
use crate::portal;
use crate::portal::{PortalChange, PortalReader, PortalWriter, ReadScope};

/// Is informed of each step, for the screen and the records.
pub trait RehearsalListener: Sync {
    /// A change is about to be sent. It is sent only if this succeeds.
    ///
    /// # Errors
    /// Why it must not be sent: it could not be recorded.
    fn before_change(
        &self,
        step: &RehearsalStep,
    ) -> impl Future<Output = Result<(), String>> + Send;

    /// A change was read back.
    fn on_end(&self, step: &RehearsalStep) -> impl Future<Output = ()> + Send;

    /// Whether the portal's own pages show the archive like this; `None` if nobody looks.
    fn web_pages_show_it(&self, target: Target) -> impl Future<Output = Option<bool>> + Send;
}

/// How long a change is waited for.
#[derive(Debug, Clone, Copy)]
pub struct RehearsalLimits {
    /// While the portal works on it.
    pub provisioning: Duration,
    /// While the portal shows the old state: some show a change some seconds later.
    pub lag: Duration,
    /// The pause between two reads; it grows.
    pub first_pause: Duration,
}

/// What is known of the last change that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadBackStatus {
    /// None was sent.
    NothingSent,
    /// Its effect was not read back.
    NotReadBack,
    /// Its effect was read back.
    ReadBack,
}

/// A rehearsal.
pub struct Rehearsal<'a, R, W, L> {
    /// Reads the portal as every command does.
    pub reader: &'a R,
    /// Writes to the portal.
    pub writer: &'a W,
    /// Is informed of each step.
    pub listener: &'a L,
    /// The mapping.
    pub mapping: &'a Mapping,
    /// The mailbox as it was found: in use, not on hold, and with or without an archive.
    pub found: &'a ObservedMailbox,
    /// How long a change is waited for.
    pub limits: RehearsalLimits,
    /// Interrupts it: then the mailbox is put back.
    pub stop: &'a Stop,
}

impl<R: PortalReader, W: PortalWriter, L: RehearsalListener> Rehearsal<'_, R, W, L> {
    /// Enables, terminates, or the other way round, and puts back as found.
    pub async fn run(&self) -> RehearsalResult {
        let targets = match self.found.state {
            State::Enabled => [Target::Terminated, Target::Enabled],
            _ => [Target::Enabled, Target::Terminated],
        };
        let mut result = RehearsalResult::default();
        let mut sent = ReadBackStatus::NothingSent;
        for target in targets {
            let goes_on = tokio::select! {
                biased;
                () = self.stop.wait_until_half_of_grace_is_over() => false,
                goes_on = self.rehearse(target, &mut result.problems, &mut sent) => goes_on,
            };
            if self.stop.is_stop_requested() || !goes_on {
                break;
            }
        }
        result.is_interrupted = self.stop.is_stop_requested();
        // What someone else did first is left as it is.
        if sent == ReadBackStatus::NotReadBack {
            // What was sent last may show late: what is read before then is not believed.
            tokio::select! {
                () = tokio::time::sleep(self.limits.lag) => sent = ReadBackStatus::ReadBack,
                () = self.stop.wait_until_half_of_grace_is_over() => {}
            }
        }
        if sent != ReadBackStatus::NothingSent {
            result.left = tokio::select! {
                left = self.put_back() => left,
                () = self.stop.wait_until_grace_is_over() => {
                    RestoreOutcome::Otherwise(None, message!("rehearsal-cut-short"))
                }
            };
            if sent == ReadBackStatus::NotReadBack && result.left == RestoreOutcome::AsFound {
                result.left = RestoreOutcome::Otherwise(None, message!("rehearsal-may-still-show"));
            }
        }
        result
    }

    /// Makes one change. Returns whether the next one makes sense.
    async fn rehearse(
        &self,
        target: Target,
        problems: &mut Vec<Problem>,
        sent: &mut ReadBackStatus,
    ) -> bool {
        let mut step = self.new_step(target.into(), target, self.found.state.clone());
        let before = match self.check_unchanged(target).await {
            Ok(before) => before,
            Err(misfit) => {
                self.add_problem(&misfit, &step, problems);
                return false;
            }
        };
        *sent = ReadBackStatus::NotReadBack;
        step.from = before.state;
        let mut write = PortalChange {
            id: before.id,
            version: before.version,
            target,
            request: NO_REQUEST.into(),
            in_other_form: false,
        };
        // Only archives that are enabled are sent in bulk: see `send_change`.
        let takes_bulk = self.writer.max_concurrent_changes(1) > 1 && write.version.is_some();
        if target == Target::Enabled && takes_bulk {
            step.in_bulk = true;
            if self.try_change(&mut step, &write, problems).await {
                *sent = ReadBackStatus::ReadBack;
                return self.ask_whether_web_pages_show_it(target, &step, problems).await;
            }
            if step.read_back.as_ref().is_some_and(|state| *state != step.from) {
                return false;
            }
            match self.check_unchanged(target).await {
                Ok(now) => write.version = now.version,
                Err(_) => return false,
            }
            step = self.new_step(target.into(), target, step.from);
        }
        if !self.try_change(&mut step, &write, problems).await {
            return false;
        }
        *sent = ReadBackStatus::ReadBack;
        self.ask_whether_web_pages_show_it(target, &step, problems).await
    }

    /// Makes a change, and adds what is wrong. Returns whether the archive is as wanted.
    async fn try_change(
        &self,
        step: &mut RehearsalStep,
        write: &PortalChange,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let Err(misfit) = self.run_step(step, write).await else { return true };
        self.add_problem(&misfit, step, problems);
        matches!(misfit, StepFailure::RequestNotKept(_))
    }

    fn add_problem(&self, misfit: &StepFailure, step: &RehearsalStep, problems: &mut Vec<Problem>) {
        let is_harmless = match misfit {
            StepFailure::Interrupted => true,
            // What a portal does not take in bulk is sent alone.
            StepFailure::Refused(_) => step.in_bulk,
            _ => false,
        };
        let problem = misfit.describe(step, self.mapping);
        if !is_harmless && !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// Asks whether the portal's own pages show the change, too.
    async fn ask_whether_web_pages_show_it(
        &self,
        target: Target,
        step: &RehearsalStep,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let is_shown = self.listener.web_pages_show_it(target).await != Some(false);
        if !is_shown {
            problems.push(StepFailure::NotInWebPages.describe(step, self.mapping));
        }
        is_shown
    }

    fn new_step(&self, action: RehearsalAction, target: Target, from: State) -> RehearsalStep {
        let written = WrittenWord::new(self.mapping, target, None).assignment();
        RehearsalStep { action, in_bulk: false, written, from, read_back: None, misfit: None }
    }

    /// The mailbox right before a change, if the change may be made.
    async fn check_unchanged(&self, target: Target) -> Result<ObservedMailbox, StepFailure> {
        let listed = self.look().await?;
        let alone = self.reread_mailbox().await?;
        if alone.mailbox != self.found.mailbox {
            Err(StepFailure::ChangedMeanwhile(message!("rehearsal-another-address")))
        } else if alone.state.is_not_reported() && target == Target::Terminated {
            Err(StepFailure::HiddenAlone)
        } else if listed.hold || alone.hold {
            Err(StepFailure::ChangedMeanwhile(message!("rehearsal-on-hold")))
        } else if alone.account != AccountState::Active {
            Err(StepFailure::ChangedMeanwhile(message!("rehearsal-not-active")))
        } else if target.is_met_by(&listed.state) {
            Err(StepFailure::ChangedMeanwhile(message!("rehearsal-archive-changed")))
        } else {
            Ok(ObservedMailbox { version: alone.version, ..listed })
        }
    }

    /// The mailbox as every command reads it.
    async fn look(&self) -> Result<ObservedMailbox, StepFailure> {
        let only = std::slice::from_ref(&self.found.mailbox);
        let observed = portal::observe(self.reader, &ReadScope::These(only), &|_, _| {}).await;
        let observed = observed.map_err(|error| StepFailure::Unreadable(error.detail))?;
        observed
            .find_mailbox(&self.found.mailbox)
            .cloned()
            .ok_or_else(|| StepFailure::Unreadable(message!("rehearsal-not-shown")))
    }

    /// The mailbox read by itself, as before a change.
    async fn reread_mailbox(&self) -> Result<ObservedMailbox, StepFailure> {
        let alone = self.writer.reread_mailbox(&self.found.id).await;
        alone
            .map_err(|error| StepFailure::Unreadable(error.detail))?
            .ok_or_else(|| StepFailure::Unreadable(message!("rehearsal-gone")))
    }

    /// Records a change, sends it, reads it back, and records what became of it.
    async fn run_step(
        &self,
        step: &mut RehearsalStep,
        write: &PortalChange,
    ) -> Result<(), StepFailure> {
        self.listener.before_change(step).await.map_err(StepFailure::Unrecorded)?;
        let written = match step.in_bulk {
            true => self.writer.write_in_own_bulk(write).await,
            false => Some(self.writer.write(write).await),
        };
        let ended = match written {
            None => Err(StepFailure::Refused(message!("rehearsal-no-bulk"))),
            Some(Err(error)) if !error.may_have_happened() => {
                Err(StepFailure::Refused(error.detail))
            }
            // What is read back decides, whatever the answer was.
            Some(Ok(_) | Err(_)) => self.read_back(step, write.target).await,
        };
        step.misfit = ended.clone().err();
        self.listener.on_end(step).await;
        ended
    }

    /// Reads the mailbox until the change is seen, or the time is over.
    async fn read_back(&self, step: &mut RehearsalStep, target: Target) -> Result<(), StepFailure> {
        let seen = self.wait_until(step.action, |now| target.is_met_by(&now.state)).await?;
        step.read_back = Some(seen.state.clone());
        if target.is_met_by(&seen.state) {
            let is_kept = seen.request.as_deref() == Some(NO_REQUEST);
            return match self.mapping.request.is_none() || is_kept {
                true => Ok(()),
                false => Err(StepFailure::RequestNotKept(seen.request)),
            };
        }
        Err(if self.is_cut_short(step.action) {
            StepFailure::Interrupted
        } else if is_settling(&seen.state) {
            StepFailure::Unfinished(seen.state)
        } else if seen.state == step.from {
            StepFailure::NoEffect
        } else {
            StepFailure::AnotherState(seen.state)
        })
    }

    /// Whether a wait ends because of an interrupt. What is put back is waited for.
    fn is_cut_short(&self, action: RehearsalAction) -> bool {
        action != RehearsalAction::PutBack && self.stop.is_stop_requested()
    }

    /// Reads the mailbox until it is as wanted, or the time is over.
    async fn wait_until(
        &self,
        action: RehearsalAction,
        is_wanted: impl Fn(&ObservedMailbox) -> bool,
    ) -> Result<ObservedMailbox, StepFailure> {
        let started = tokio::time::Instant::now();
        let mut pause = self.limits.first_pause;
        loop {
            let now = self.look().await?;
            let limit = match is_settling(&now.state) {
                true => self.limits.provisioning,
                false => self.limits.lag,
            };
            let left = limit.saturating_sub(started.elapsed());
            if is_wanted(&now) || left.is_zero() || self.is_cut_short(action) {
                return Ok(now);
            }
            tokio::select! {
                () = tokio::time::sleep(pause.min(left)) => {}
                () = self.stop.wait_until_stop_requested(), if action != RehearsalAction::PutBack => {}
            }
            pause = (pause * 3 / 2).min(Duration::from_secs(30));
        }
    }
}
