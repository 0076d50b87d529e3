//! The token at hand: for how long it is good, and that many who need another ask for one only. May
//! not know how tokens are asked for: who asks is passed in, so that all of this is tested without a
//! network and without waiting.

#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::answer::Grant;
use crate::portal::PortalError;
use crate::portal::scim::credentials::Shown;

/// A token is not used in its last moments: this, or a tenth of its life where that is less.
const MARGIN: Duration = Duration::from_secs(60);

/// For so long a token is used at least, whatever is said of its life, so that there are never more
/// questions than answers. Should it be too long, the portal says so.
const AT_LEAST: Duration = Duration::from_secs(1);

/// A token that is still good is kept where no new one can be had; so long until it is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// The token that all requests share.
#[derive(Default)]
pub(super) struct Cache {
    /// Held by the one who asks.
    gate: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// How often an answer has come, and the last one where it was none.
    answers: u64,
    failure: Option<PortalError>,
    /// The last token that there was.
    last: Option<Shown>,
    /// Whether the next one takes the place of one that the portal refused.
    after_refusal: bool,
}

struct Token {
    shown: Shown,
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
    after_refusal: bool,
    accepted: bool,
}

impl Cache {
    /// A token that is good, asked for where there is none.
    ///
    /// # Errors
    /// The failure of who asked, for all who waited for it.
    pub(super) async fn current<F>(&self, ask: impl Fn() -> F) -> Result<Shown, PortalError>
    where
        F: Future<Output = Result<Grant, PortalError>>,
    {
        let before = match self.state().fresh() {
            Ok(shown) => return Ok(shown),
            Err(answers) => answers,
        };
        let _gate = self.gate.lock().await;
        {
            let state = self.state();
            match (state.fresh(), &state.failure) {
                (Ok(shown), _) => return Ok(shown),
                (Err(answers), Some(failure)) if answers > before => return Err(failure.clone()),
                _ => {}
            }
        }
        let answer = ask().await;
        self.state().answered(answer)
    }

    /// What to show in place of a token that the portal refused; nothing where one that took the
    /// place of another was refused as well, and never did any good.
    pub(super) async fn renewed<F>(
        &self,
        refused: &Shown,
        ask: impl Fn() -> F,
    ) -> Result<Option<Shown>, PortalError>
    where
        F: Future<Output = Result<Grant, PortalError>>,
    {
        if !self.state().refused(refused) {
            return Ok(None);
        }
        let shown = self.current(ask).await?;
        // Some endpoints give the same token until its end, whoever refuses it.
        Ok((shown.serial != refused.serial).then_some(shown))
    }

    /// The portal took it.
    pub(super) fn accepted(&self, shown: &Shown) {
        if let Some(token) = &mut self.state().token
            && token.shown.serial == shown.serial
        {
            token.accepted = true;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The token where it is good, else how many answers there have been.
    fn fresh(&self) -> Result<Shown, u64> {
        match &self.token {
            Some(token) if is_before(token.renew_at) => Ok(token.shown.clone()),
            _ => Err(self.answers),
        }
    }

    fn answered(&mut self, answer: Result<Grant, PortalError>) -> Result<Shown, PortalError> {
        self.answers += 1;
        let grant = match answer {
            Ok(grant) => grant,
            Err(error) => return self.without_another(error),
        };
        self.failure = None;
        let serial = match &self.last {
            Some(last) if last.header == grant.header => last.serial,
            Some(last) => last.serial + 1,
            None => 0,
        };
        let shown = Shown {
            header: grant.header,
            serial,
        };
        // A life that ends beyond what a clock can say does not end.
        let at = |life: Duration| grant.asked_at.checked_add(life);
        let renew_at = grant.life.and_then(|it| at(it - MARGIN.min(it / 10)));
        let at_once = Instant::now() + AT_LEAST;
        self.token = Some(Token {
            shown: shown.clone(),
            renew_at: renew_at.map(|moment| moment.max(at_once)),
            ends_at: grant.life.and_then(at),
            after_refusal: std::mem::take(&mut self.after_refusal),
            accepted: false,
        });
        self.last = Some(shown.clone());
        Ok(shown)
    }

    /// Goes on with the token that there is, for as long as it is good.
    fn without_another(&mut self, error: PortalError) -> Result<Shown, PortalError> {
        if let Some(token) = &mut self.token
            && is_before(token.ends_at)
        {
            tracing::warn!(
                detail = error.detail,
                "no new token; the old one is still good"
            );
            let later = Instant::now() + TRY_AGAIN;
            token.renew_at = Some(token.ends_at.map_or(later, |end| end.min(later)));
            return Ok(token.shown.clone());
        }
        self.token = None;
        self.failure = Some(error.clone());
        Err(error)
    }

    /// Whether it is of use to ask for another.
    fn refused(&mut self, refused: &Shown) -> bool {
        match &self.token {
            Some(token) if token.shown.serial == refused.serial => {
                if token.after_refusal && !token.accepted {
                    return false;
                }
                self.token = None;
                self.after_refusal = true;
                true
            }
            // Another request was refused before.
            _ => true,
        }
    }
}

/// Whether that moment is still to come, or never comes.
fn is_before(moment: Option<Instant>) -> bool {
    moment.is_none_or(|moment| Instant::now() < moment)
}
