//! A lease that was taken: renewed in the background, and let go at the end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::moment::Moment;
use super::{Held, Note, Store, Swapped, Terms};

/// How long a renewal under way may take once the lease is to be let go: a little, since a job that
/// was cancelled is soon killed.
const GRACE: Duration = Duration::from_secs(3);

/// A lease of this run. One that is dropped is renewed no longer, and ends by itself.
pub struct Lease<S: Store> {
    kept: Arc<Kept<S>>,
    enough: Arc<Notify>,
    renewing: JoinHandle<()>,
}

struct Kept<S> {
    store: Arc<S>,
    terms: Terms,
    state: Mutex<State>,
}

struct State {
    note: Note,
    /// What stands in the store, as far as is known.
    id: String,
    /// A moment from before the last renewal that was seen to be done.
    renewed: Moment,
    /// Why none was since then.
    trouble: Option<String>,
    /// Whether somebody else's note stands there, or none.
    is_lost: bool,
}

impl<S: Store> Lease<S> {
    /// Holds what was just put into the store.
    pub(super) fn hold(store: Arc<S>, terms: Terms, note: Note, id: String, at: Moment) -> Self {
        let kept = Arc::new(Kept {
            store,
            terms,
            state: Mutex::new(State {
                note,
                id,
                renewed: at,
                trouble: None,
                is_lost: false,
            }),
        });
        let enough = Arc::new(Notify::new());
        let (renews, ends) = (Arc::clone(&kept), Arc::clone(&enough));
        let renewing = tokio::spawn(async move { renews.go_on(&ends).await });
        Self {
            kept,
            enough,
            renewing,
        }
    }

    /// Whether a change may begin now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_begin(&self) -> Result<(), String> {
        self.kept.may_begin()
    }

    /// As [`Lease::may_begin`], for whoever asks later and elsewhere.
    pub fn guard(&self) -> impl Fn() -> Result<(), String> + Send + Sync + use<S> {
        let kept = Arc::clone(&self.kept);
        move || kept.may_begin()
    }

    /// Ends, with why, when a change under way may be waited for no longer.
    pub async fn ran_out(&self) -> String {
        loop {
            {
                let state = self.kept.state();
                if state.is_lost {
                    return "the lease was taken over or away before the portal had answered; run arkib again to find out".to_owned();
                }
                if state.renewed.age() >= self.kept.terms.ending() {
                    return format!(
                        "the portal had not answered when the lease was about to end, which could not be renewed{}; run arkib again to find out",
                        state.why()
                    );
                }
            }
            sleep(self.kept.terms.pause()).await;
        }
    }

    /// Lets go: the next may take it at once.
    ///
    /// # Errors
    /// Why it could not be taken out of the store. It then ends by itself.
    pub async fn release(mut self) -> Result<(), S::Error> {
        self.enough.notify_one();
        if timeout(GRACE, &mut self.renewing).await.is_err() {
            self.renewing.abort();
        }
        let store = &self.kept.store;
        let id = self.kept.state().id.clone();
        let trouble = match store.swap(Some(&id), None).await {
            Ok(Swapped::Done(_)) => return Ok(()),
            Ok(Swapped::Lost) => None,
            Err(error) => Some(error),
        };
        // A renewal of which nothing was heard may have been done all the same.
        match store.look().await {
            Ok(Some(held)) if self.kept.is_ours(&held) => match trouble {
                Some(trouble) if held.id == id => Err(trouble),
                _ => store.swap(Some(&held.id), None).await.map(|_| ()),
            },
            Ok(_) => Ok(()),
            Err(error) => Err(trouble.unwrap_or(error)),
        }
    }
}

impl<S: Store> Drop for Lease<S> {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

impl State {
    fn why(&self) -> String {
        let trouble = self.trouble.as_ref();
        trouble.map_or_else(String::new, |trouble| format!(": {trouble}"))
    }
}

impl<S: Store> Kept<S> {
    fn may_begin(&self) -> Result<(), String> {
        let state = self.state();
        if state.is_lost {
            return Err("the lease is no longer this run's: somebody took it over or away".into());
        }
        if state.renewed.age() < self.terms.beginning() {
            return Ok(());
        }
        Err(format!(
            "the lease could not be renewed in time, and another run may soon take it over{}",
            state.why()
        ))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_ours(&self, held: &Held) -> bool {
        held.note.is_of(&self.state().note)
    }

    /// Renews until it is enough or the lease is lost.
    async fn go_on(&self, enough: &Notify) {
        loop {
            let wait = {
                let state = self.state();
                match &state.trouble {
                    Some(_) => self.terms.pause(),
                    None => self.terms.renewal().saturating_sub(state.renewed.age()),
                }
            };
            tokio::select! {
                biased;
                () = enough.notified() => return,
                () = sleep(wait) => {}
            }
            self.renew().await;
            if self.state().is_lost {
                return;
            }
        }
    }

    async fn renew(&self) {
        let (id, mut note) = {
            let state = self.state();
            (state.id.clone(), state.note.clone())
        };
        note.renewals += 1;
        let at = Moment::now();
        let limit = self.terms.renewal();
        let swapped = timeout(limit, self.store.swap(Some(&id), Some(&note))).await;
        let trouble = match swapped {
            Ok(Ok(Swapped::Done(id))) => {
                let mut state = self.state();
                *state = State {
                    note,
                    id,
                    renewed: at,
                    trouble: None,
                    is_lost: false,
                };
                return;
            }
            Ok(Ok(Swapped::Lost)) => self.look_again(limit).await,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} seconds", limit.as_secs_f64())),
        };
        let mut state = self.state();
        // Whatever became of this one, the next is to be another object.
        state.note = note;
        state.is_lost = trouble.is_none();
        if trouble.is_some() {
            state.trouble = trouble;
        }
    }

    /// What was not expected may be this run's own: an earlier renewal of which nothing was heard.
    /// Nothing where it is somebody else's.
    async fn look_again(&self, limit: Duration) -> Option<String> {
        match timeout(limit, self.store.look()).await {
            Ok(Ok(Some(held))) if self.is_ours(&held) => {
                self.state().id = held.id;
                Some("an earlier renewal got no answer".to_owned())
            }
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} seconds", limit.as_secs_f64())),
        }
    }
}
