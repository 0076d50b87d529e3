//! Lives, crowds and refusals, with a clock that the test moves.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::*;
use crate::language::Message;
use crate::portal::scim::credentials::redaction::authorization_header;

/// Gives tokens `t1`, `t2` and so on, each after a second, of this life; or fails.
struct Endpoint {
    asked: AtomicUsize,
    lifetime: Option<u64>,
    fails: Mutex<Option<ErrorKind>>,
    always_the_same: bool,
}

impl Endpoint {
    fn new(lifetime: Option<u64>) -> Self {
        Self {
            asked: AtomicUsize::new(0),
            lifetime,
            fails: Mutex::new(None),
            always_the_same: false,
        }
    }

    async fn ask(&self) -> Result<TokenGrant, PortalError> {
        let asked_at = Instant::now();
        let number = self.asked.fetch_add(1, SeqCst) + 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Some(kind) = *self.fails.lock().unwrap() {
            return Err(PortalError {
                kind,
                doing: Message::default(),
                detail: format!("failure {number}").into(),
                help: Message::default(),
            });
        }
        let number = if self.always_the_same { 1 } else { number };
        Ok(TokenGrant {
            header: authorization_header("Bearer", &format!("t{number}")).unwrap(),
            lifetime: self.lifetime.map(Duration::from_secs),
            asked_at,
        })
    }

    fn fail(&self, fails: bool) {
        *self.fails.lock().unwrap() = fails.then_some(ErrorKind::Unreachable);
    }

    fn refuse_credentials(&self) {
        *self.fails.lock().unwrap() = Some(ErrorKind::Unauthorized);
    }

    fn asked(&self) -> usize {
        self.asked.load(SeqCst)
    }
}

async fn current(cache: &TokenCache, endpoint: &Endpoint) -> Result<String, String> {
    let header = cache.current_header(endpoint.ask()).await;
    header.map(|header| text(&header)).map_err(|error| error.detail.in_english())
}

async fn renewed(cache: &TokenCache, header: &HeaderValue, endpoint: &Endpoint) -> Option<String> {
    let other = cache.renewed_header(header, endpoint.ask()).await;
    other.expect("an answer").map(|header| text(&header))
}

fn text(header: &HeaderValue) -> String {
    header.to_str().unwrap().replace("Bearer ", "")
}

async fn after(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn renews_a_token_before_it_expires() {
    for (lifetime, good_until, replaced) in [(3600, 3538, 3541), (100, 89, 91), (20, 17, 19)] {
        let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(lifetime)));
        // The answer takes a second of its life.
        assert_eq!(current(&cache, &endpoint).await.unwrap(), "t1");
        after(good_until - 1).await;
        assert_eq!(current(&cache, &endpoint).await.unwrap(), "t1", "{lifetime}");
        after(replaced - good_until).await;
        assert_eq!(current(&cache, &endpoint).await.unwrap(), "t2", "{lifetime}");
    }
}

#[tokio::test(start_paused = true)]
async fn keeps_a_token_without_expiry_until_refused() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(None));
    current(&cache, &endpoint).await.unwrap();
    after(86_400 * 365).await;
    assert_eq!(current(&cache, &endpoint).await.unwrap(), "t1");
    // A life beyond all clocks is no mistake either.
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(u64::MAX)));
    current(&cache, &endpoint).await.unwrap();
    after(86_400 * 365).await;
    assert_eq!(current(&cache, &endpoint).await.unwrap(), "t1");
}

#[tokio::test(start_paused = true)]
async fn concurrent_callers_share_one_request() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(3600)));
    let callers = || futures_util::future::join_all((0..16).map(|_| current(&cache, &endpoint)));
    endpoint.fail(true);
    let all = callers().await;
    assert!(all.iter().all(|answer| *answer == Err("failure 1".into())), "{all:?}");
    assert_eq!(endpoint.asked(), 1);
    // Who comes later asks again.
    endpoint.fail(false);
    let all = callers().await;
    assert!(all.iter().all(|answer| *answer == Ok("t2".into())), "{all:?}");
    assert_eq!(endpoint.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn another_caller_takes_over_after_cancellation() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(None));
    let impatient = tokio::time::timeout(Duration::from_millis(10), current(&cache, &endpoint));
    let (gone, next) = tokio::join!(impatient, current(&cache, &endpoint));
    assert!(gone.is_err());
    assert_eq!(next.unwrap(), "t2");
}

#[tokio::test(start_paused = true)]
async fn keeps_a_valid_token_when_renewal_fails() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(100)));
    current(&cache, &endpoint).await.unwrap();
    endpoint.fail(true);
    after(92).await;
    for _ in 0..10 {
        assert_eq!(current(&cache, &endpoint).await.unwrap(), "t1");
    }
    assert_eq!(endpoint.asked(), 2);
    after(10).await;
    assert!(current(&cache, &endpoint).await.is_err());
    endpoint.fail(false);
    assert_eq!(current(&cache, &endpoint).await.unwrap(), "t4");
}

#[tokio::test(start_paused = true)]
async fn short_lived_tokens_are_used_a_second() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(1)));
    for _ in 0..100 {
        current(&cache, &endpoint).await.unwrap();
    }
    assert_eq!(endpoint.asked(), 1);
    after(2).await;
    assert_eq!(current(&cache, &endpoint).await.unwrap(), "t2");
}

#[tokio::test(start_paused = true)]
async fn replaces_a_refused_token_once() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(3600)));
    let first = cache.current_header(endpoint.ask()).await.unwrap();
    cache.mark_accepted(&first);
    let callers = (0..16).map(|_| renewed(&cache, &first, &endpoint));
    let all = futures_util::future::join_all(callers).await;
    assert!(all.iter().all(|answer| answer.as_deref() == Some("t2")), "{all:?}");
    let second = cache.current_header(endpoint.ask()).await.unwrap();
    // That one never did any good, so a third would do none.
    for _ in 0..10 {
        assert_eq!(renewed(&cache, &second, &endpoint).await, None);
    }
    assert_eq!(endpoint.asked(), 2);
    // Once it has, it is like any other.
    cache.mark_accepted(&second);
    assert_eq!(renewed(&cache, &second, &endpoint).await.unwrap(), "t3");
}

#[tokio::test(start_paused = true)]
async fn the_same_token_is_not_a_replacement() {
    let mut endpoint = Endpoint::new(Some(3600));
    endpoint.always_the_same = true;
    let cache = TokenCache::default();
    let first = cache.current_header(endpoint.ask()).await.unwrap();
    cache.mark_accepted(&first);
    let callers = (0..16).map(|_| renewed(&cache, &first, &endpoint));
    let all = futures_util::future::join_all(callers).await;
    assert!(all.iter().all(Option::is_none), "{all:?}");
    assert_eq!(endpoint.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_are_not_sent_again_at_once() {
    let (cache, endpoint) = (TokenCache::default(), Endpoint::new(Some(600)));
    endpoint.refuse_credentials();
    for _ in 0..3 {
        assert_eq!(current(&cache, &endpoint).await, Err("failure 1".to_owned()));
    }
    assert_eq!(endpoint.asked(), 1);
    tokio::time::advance(TRY_AGAIN).await;
    assert_eq!(current(&cache, &endpoint).await, Err("failure 2".to_owned()));
}
