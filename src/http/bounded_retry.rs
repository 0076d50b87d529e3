//! A request that is sent again a few times while that may help: for whom one message or comment matters,
//! and not a list of half a million mailboxes. What it sends twice must do no harm. May not know what is
//! sent.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use tokio::time::Instant;

use super::client::Timeouts;
use super::headers::retry_after;
use super::transport_error::{HttpError, HttpErrorKind, Peer, explain_transport_error};
use super::{body, retry};

const A_TRY: Duration = Duration::from_secs(10);
/// For how long the client of such requests waits.
pub const TRY_TIMEOUTS: Timeouts = Timeouts { connect: A_TRY, read: A_TRY, request: A_TRY };

const MOST_TRIES: usize = 5;
/// No further try begins after this time, so that all of them end within a minute.
const LAST_START: Duration = Duration::from_secs(50);
const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(8);

/// An answer, of any status.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; nothing where it is longer than was allowed.
    pub body: Option<Vec<u8>>,
    /// For how long it asks to wait.
    pub retry_after: Option<Duration>,
}

/// Sends it, at most five times within a minute: again where no answer came, where the server is
/// overloaded or failed (429, 5xx), or where it refuses and says when to come back. Of the body at most
/// `longest` bytes are read. `quote` makes words of others safe to show.
///
/// # Errors
/// Why no answer came.
pub async fn send_with_retries(
    request: RequestBuilder,
    peer: &Peer,
    longest: usize,
    quote: &dyn Fn(&str) -> String,
) -> Result<Answer, HttpError> {
    let broken = |error| explain_transport_error(error, peer, A_TRY, quote);
    retry_until_final(async || {
        let Some(request) = request.try_clone() else {
            return Err(HttpError {
                kind: HttpErrorKind::Configuration,
                why: "the request cannot be sent twice".to_owned(),
                help: String::new(),
            });
        };
        let mut response = request.send().await.map_err(broken)?;
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            retry_after: retry_after(&response),
            body: body::read(&mut response, longest).await.map_err(broken)?,
        })
    })
    .await
}

/// Tries until an answer is final, or there is no time left.
async fn retry_until_final(
    attempt: impl AsyncFn() -> Result<Answer, HttpError>,
) -> Result<Answer, HttpError> {
    let begun = Instant::now();
    let mut delays = retry::retry_delays(FIRST_DELAY, LONGEST_DELAY, MOST_TRIES - 1);
    loop {
        let tried = attempt().await;
        let asked = match &tried {
            Ok(answer) if is_retryable(answer) => answer.retry_after,
            Err(error) if error.kind != HttpErrorKind::Configuration => None,
            _ => return tried,
        };
        let Some(delay) = delays.next() else { return tried };
        let wait = asked.unwrap_or_default().saturating_add(delay);
        if begun.elapsed().saturating_add(wait) > LAST_START {
            return tried;
        }
        tokio::time::sleep(wait).await;
    }
}

fn is_retryable(answer: &Answer) -> bool {
    match answer.status.as_u16() {
        429 | 500 | 502..=504 => true,
        // How some limit a client.
        403 => answer.retry_after.is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn answer(status: u16, retry_after: Option<u64>) -> Result<Answer, HttpError> {
        Ok(Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            body: None,
            retry_after: retry_after.map(Duration::from_secs),
        })
    }

    fn error(kind: HttpErrorKind) -> Result<Answer, HttpError> {
        Err(HttpError { kind, why: String::new(), help: String::new() })
    }

    /// How often it was tried, for how many seconds, and the last status.
    async fn run(
        took: u64,
        act: impl Fn(usize) -> Result<Answer, HttpError>,
    ) -> (usize, u64, Option<u16>) {
        let (begun, tries) = (Instant::now(), Cell::new(0));
        let ended = retry_until_final(async || {
            tries.set(tries.get() + 1);
            tokio::time::sleep(Duration::from_secs(took)).await;
            act(tries.get())
        });
        let status = ended.await.ok().map(|answer| answer.status.as_u16());
        (tries.get(), begun.elapsed().as_secs(), status)
    }

    #[tokio::test(start_paused = true)]
    async fn tries_again_only_where_it_may_help() {
        for (status, retry_after, tries) in [
            (200, None, 1),
            (401, None, 1),
            (403, None, 1),
            (403, Some(1), 2),
            (404, Some(1), 1),
            (302, None, 1),
            (429, None, 2),
            (429, Some(20), 2),
            (429, Some(3600), 1),
            (500, None, 2),
            (501, None, 1),
            (502, None, 2),
            (503, Some(0), 2),
        ] {
            let act = |nth| match nth {
                1 => answer(status, retry_after),
                _ => answer(201, None),
            };
            let last = if tries == 1 { status } else { 201 };
            let (tried, _, ended) = run(0, act).await;
            assert_eq!((tried, ended), (tries, Some(last)), "{status}");
        }
        for (kind, tries) in [
            (HttpErrorKind::Configuration, 1),
            (HttpErrorKind::Unreachable, 5),
            (HttpErrorKind::Broken, 5),
        ] {
            assert_eq!(run(0, |_| error(kind)).await.0, tries, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn ends_within_a_minute() {
        let (tries, seconds, _) = run(10, |_| error(HttpErrorKind::Timeout)).await;
        assert!((4..=5).contains(&tries) && seconds <= 60, "{tries} in {seconds} s");
        let (tries, seconds, status) = run(0, |_| answer(429, Some(20))).await;
        assert!((2..=3).contains(&tries) && seconds <= 60, "{tries} in {seconds} s");
        assert_eq!(status, Some(429));
        let (tries, seconds, _) = run(0, |_| answer(503, None)).await;
        assert!(tries == 5 && seconds <= 16, "{tries} in {seconds} s");
    }
}
