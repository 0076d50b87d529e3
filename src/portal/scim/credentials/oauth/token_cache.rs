//! The current token: how long it is valid, and that concurrent callers ask for a new one only once. May
//! not know how tokens are asked for: that is passed in, to be run where it is needed, so that all of
//! this is tested without a network and without waiting.

#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::time::Instant;

use super::token_response::TokenGrant;
use crate::portal::{ErrorKind, PortalError};

/// A token is not used in its last moments: this, or a tenth of its life where that is less.
const MARGIN: Duration = Duration::from_secs(60);

/// For so long a token is used at least, whatever is said of its life, so that there are never more
/// questions than answers. Should it be too long, the portal says so.
const AT_LEAST: Duration = Duration::from_secs(1);

/// The pause before the next try if no new token was given: a token that is still valid is used until
/// then, and wrong credentials are not sent again.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// The token that all requests share.
#[derive(Default)]
pub(crate) struct TokenCache {
    /// Held by the caller that asks for a token.
    gate: tokio::sync::Mutex<()>,
    state: Mutex<CacheState>,
}

#[derive(Default)]
struct CacheState {
    token: Option<CachedToken>,
    /// How often an answer has come, and the last one if it was not a token.
    answers: u64,
    failure: Option<TokenFailure>,
    /// Whether the next token takes the place of one that the portal refused.
    after_refusal: bool,
}

/// The last answer, if it was not a token.
struct TokenFailure {
    error: PortalError,
    at: Instant,
}

impl TokenFailure {
    /// Whether the next question would get the same answer: the credentials or the setup are wrong.
    fn blocks_new_request(&self) -> bool {
        let kinds = [ErrorKind::Unauthorized, ErrorKind::Configuration];
        kinds.contains(&self.error.kind) && is_in_future(self.at.checked_add(TRY_AGAIN))
    }
}

struct CachedToken {
    header: HeaderValue,
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
    after_refusal: bool,
    accepted: bool,
}

impl TokenCache {
    /// A valid token; asks for one if there is none.
    ///
    /// # Errors
    /// The failure of the request, for all callers that waited for it.
    pub(crate) async fn current_header(
        &self,
        ask: impl Future<Output = Result<TokenGrant, PortalError>>,
    ) -> Result<HeaderValue, PortalError> {
        let before = match self.lock_state().valid_token() {
            Ok(header) => return Ok(header),
            Err(answers) => answers,
        };
        let _gate = self.gate.lock().await;
        {
            let state = self.lock_state();
            match (state.valid_token(), &state.failure) {
                (Ok(header), _) => return Ok(header),
                (Err(answers), Some(failure))
                    if answers > before || failure.blocks_new_request() =>
                {
                    return Err(failure.error.clone());
                }
                _ => {}
            }
        }
        let answer = ask.await;
        self.lock_state().store_answer(answer)
    }

    /// What to send in place of a token that the portal refused; nothing where one that took the
    /// place of another was refused as well, and never did any good.
    pub(crate) async fn renewed_header(
        &self,
        refused: &HeaderValue,
        ask: impl Future<Output = Result<TokenGrant, PortalError>>,
    ) -> Result<Option<HeaderValue>, PortalError> {
        if !self.lock_state().mark_refused(refused) {
            return Ok(None);
        }
        let header = self.current_header(ask).await?;
        // Some endpoints give the same token until it expires, even if it was refused.
        Ok((header != *refused).then_some(header))
    }

    /// The portal accepted it.
    pub(crate) fn mark_accepted(&self, header: &HeaderValue) {
        if let Some(token) = &mut self.lock_state().token
            && token.header == *header
        {
            token.accepted = true;
        }
    }

    fn lock_state(&self) -> MutexGuard<'_, CacheState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheState {
    /// The token where it is good, else how many answers there have been.
    fn valid_token(&self) -> Result<HeaderValue, u64> {
        match &self.token {
            Some(token) if is_in_future(token.renew_at) => Ok(token.header.clone()),
            _ => Err(self.answers),
        }
    }

    fn store_answer(
        &mut self,
        answer: Result<TokenGrant, PortalError>,
    ) -> Result<HeaderValue, PortalError> {
        self.answers += 1;
        let grant = match answer {
            Ok(grant) => grant,
            Err(error) => return self.keep_old_token(error),
        };
        self.failure = None;
        // A life that ends beyond what a clock can say does not end.
        let at = |lifetime: Duration| grant.asked_at.checked_add(lifetime);
        let renew_at = grant.lifetime.and_then(|lifetime| at(lifetime - MARGIN.min(lifetime / 10)));
        let at_least = Instant::now() + AT_LEAST;
        self.token = Some(CachedToken {
            header: grant.header.clone(),
            renew_at: renew_at.map(|moment| moment.max(at_least)),
            ends_at: grant.lifetime.and_then(at),
            after_refusal: std::mem::take(&mut self.after_refusal),
            accepted: false,
        });
        Ok(grant.header)
    }

    /// Keeps the current token for as long as it is valid.
    fn keep_old_token(&mut self, error: PortalError) -> Result<HeaderValue, PortalError> {
        if let Some(token) = &mut self.token
            && is_in_future(token.ends_at)
        {
            tracing::warn!(
                detail = error.detail.in_english(),
                "no new token; the old one is still valid"
            );
            let later = Instant::now() + TRY_AGAIN;
            token.renew_at = Some(token.ends_at.map_or(later, |end| end.min(later)));
            return Ok(token.header.clone());
        }
        self.token = None;
        self.failure = Some(TokenFailure { error: error.clone(), at: Instant::now() });
        Err(error)
    }

    /// Whether it makes sense to ask for another.
    fn mark_refused(&mut self, refused: &HeaderValue) -> bool {
        // Where it is another by now, another request was refused before.
        if let Some(token) = self.token.take_if(|token| token.header == *refused) {
            if token.after_refusal && !token.accepted {
                self.token = Some(token);
                return false;
            }
            self.after_refusal = true;
        }
        true
    }
}

/// Whether that moment is still to come, or never comes.
fn is_in_future(moment: Option<Instant>) -> bool {
    moment.is_none_or(|moment| Instant::now() < moment)
}
