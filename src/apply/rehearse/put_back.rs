//! Puts a mailbox back as a rehearsal found it, also after a failure or an interrupt.

use super::{Rehearsal, RehearsalListener};
use crate::apply::precondition::is_settling;
use crate::domain::archive_state::{State, Target};
use crate::domain::mapping::written_words::has_arkib_words;
use crate::domain::observed::ObservedMailbox;
use crate::domain::rehearsal::{RehearsalAction, RehearsalStep, RestoreOutcome, StepFailure};
use crate::portal::{PortalReader, PortalWriter};

/// How often it is tried.
const ATTEMPTS: usize = 3;

impl<R: PortalReader, W: PortalWriter, L: RehearsalListener> Rehearsal<'_, R, W, L> {
    /// Puts the mailbox back, and says how it is left.
    pub(super) async fn put_back(&self) -> RestoreOutcome {
        let mut left = RestoreOutcome::AsFound;
        for _ in 0..ATTEMPTS {
            left = match self.put_state_back().await {
                Ok(now) if now.request == self.found.request => return self.left_like_found(now),
                Ok(now) => match self.write_back_step(now, None).await {
                    Ok(now) => return self.left_like_found(now),
                    Err(left) => left,
                },
                Err(left) => left,
            };
            if matches!(&left, RestoreOutcome::Otherwise(Some(state), _) if is_settling(state)) {
                break;
            }
            tokio::time::sleep(self.limits.first_pause).await;
        }
        left
    }

    /// Writes the very word that was found; where the portal refuses that of a mailbox without an
    /// archive, the word to terminate.
    async fn put_state_back(&self) -> Result<ObservedMailbox, RestoreOutcome> {
        let is_still = |now: &ObservedMailbox| !is_settling(&now.state);
        let unread = |misfit| self.left_unread(&misfit);
        let now = self.wait_until(RehearsalAction::PutBack, is_still).await;
        let mut now = now.map_err(unread)?;
        if is_settling(&now.state) {
            let why = message!("rehearsal-not-finished");
            return Err(RestoreOutcome::Otherwise(Some(now.state), why));
        }
        let mut left = None;
        for state in self.states_to_write() {
            // The portal may refuse the word that was found once its archive is gone.
            let is_met = now.state == state || (left.is_some() && self.is_like_found(&now.state));
            if is_met {
                return Ok(now);
            }
            match self.write_back_step(now.clone(), Some(state)).await {
                Ok(written) => return Ok(written),
                Err(failed) => left = Some(failed),
            }
            now = self.look().await.map_err(unread)?;
        }
        match left {
            Some(left) if !self.is_like_found(&now.state) => Err(left),
            _ => Ok(now),
        }
    }

    fn left_like_found(&self, now: ObservedMailbox) -> RestoreOutcome {
        match now.state == self.found.state {
            true => RestoreOutcome::AsFound,
            false => RestoreOutcome::WithoutArchive(now.state),
        }
    }

    fn left_unread(&self, misfit: &StepFailure) -> RestoreOutcome {
        let step = self.new_step(RehearsalAction::PutBack, Target::Enabled, State::Enabled);
        RestoreOutcome::Otherwise(None, misfit.describe(&step, self.mapping).what)
    }

    /// The states that may be written in place of the one that was found.
    fn states_to_write(&self) -> Vec<State> {
        let words = &self.mapping.state.words;
        let found = &self.found.state;
        // By arkib's own extension only the portal itself sets `disabled`.
        let is_settable = *found != State::Disabled || !has_arkib_words(&self.mapping.state);
        let mut states = vec![found.clone()];
        states.retain(|state| is_settable && words.word_for(state).is_some());
        if found.is_absent() && *found != State::Terminated {
            states.extend(words.word_for(&State::Terminated).map(|_| State::Terminated));
        }
        states
    }

    fn is_like_found(&self, state: &State) -> bool {
        *state == self.found.state || (state.is_absent() && self.found.state.is_absent())
    }

    /// Writes a state, or removes the request, and reads the mailbox back.
    async fn write_back_step(
        &self,
        now: ObservedMailbox,
        state: Option<State>,
    ) -> Result<ObservedMailbox, RestoreOutcome> {
        let fail = |now: &State, why| Err(RestoreOutcome::Otherwise(Some(now.clone()), why));
        if now.hold && state.as_ref().is_some_and(State::is_absent) {
            return fail(&now.state, message!("rehearsal-on-hold-now"));
        }
        let written = match (&state, &self.mapping.request) {
            (Some(state), _) => {
                let word = self.mapping.state.words.word_for(state).unwrap_or_default();
                format!("{}: {word}", self.mapping.state.attribute.name_in_schema())
            }
            (None, Some(request)) => format!("{} removed", request.name_in_schema()),
            (None, None) => return Ok(now),
        };
        let mut step = RehearsalStep {
            action: RehearsalAction::PutBack,
            in_bulk: false,
            written,
            from: now.state.clone(),
            read_back: None,
            misfit: None,
        };
        if let Err(why) = self.listener.before_change(&step).await {
            return fail(&now.state, message!("rehearsal-unrecorded", why));
        }
        let ended = self.send_back(state.as_ref()).await;
        step.read_back = ended.as_ref().ok().map(|now| now.state.clone());
        step.misfit = match &ended {
            Err(misfit) => Some(misfit.clone()),
            Ok(now) if state.is_none() && now.request != self.found.request => {
                Some(StepFailure::RequestNotKept(now.request.clone()))
            }
            Ok(now) => match &state {
                Some(state) if now.state != *state => Some(StepFailure::NoEffect),
                _ => None,
            },
        };
        self.listener.on_end(&step).await;
        match (step.misfit.as_ref().map(|misfit| misfit.describe(&step, self.mapping).what), ended)
        {
            (None, Ok(now)) => Ok(now),
            (Some(why), Ok(now)) => fail(&now.state, why),
            (Some(why), Err(StepFailure::Refused(_))) => fail(&now.state, why),
            (why, Err(_)) => Err(RestoreOutcome::Otherwise(None, why.unwrap_or_default())),
        }
    }

    async fn send_back(&self, state: Option<&State>) -> Result<ObservedMailbox, StepFailure> {
        let alone = self.reread_mailbox().await?;
        match self.writer.undo_rehearsal(&alone.id, alone.version.as_deref(), state).await {
            Err(error) if !error.may_have_happened() => Err(StepFailure::Refused(error.detail)),
            _ => {
                let found = &self.found.request;
                let is_back = |now: &ObservedMailbox| match state {
                    Some(state) => now.state == *state,
                    None => now.request == *found,
                };
                self.wait_until(RehearsalAction::PutBack, is_back).await
            }
        }
    }
}
