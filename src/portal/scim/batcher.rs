//! Batches items that are sent at the same time into few requests. Knows neither SCIM nor HTTP: the
//! sender is passed in. Each item gets its own reply.

use std::collections::VecDeque;
use std::future::Future;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::{mpsc, oneshot};

/// How long the first item of a request waits for others. Items that are ready together arrive
/// within microseconds of each other; a request takes milliseconds.
const LINGER: Duration = Duration::from_millis(2);

/// What one request may hold, and how many are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BatchLimits {
    pub(super) items: usize,
    pub(super) bytes: usize,
    pub(super) requests: usize,
}

struct QueuedItem<T, R> {
    item: T,
    size: usize,
    reply: oneshot::Sender<R>,
}

/// Accepts items. Its task ends when it is dropped and all accepted items are sent.
pub(super) struct Batcher<T, R> {
    queue: mpsc::UnboundedSender<QueuedItem<T, R>>,
}

impl<T: Send + 'static, R: Send + 'static> Batcher<T, R> {
    /// Sends each group with `send`, which replies in the same order.
    pub(super) fn new<F>(
        most: BatchLimits,
        send: impl Fn(Vec<T>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Vec<R>> + Send + 'static,
    {
        let (queue, items) = mpsc::unbounded_channel();
        tokio::spawn(run(most, items, send));
        Self { queue }
    }

    /// Adds an item and waits for its reply; `None` if there will be none. An item for which
    /// nobody waits any longer is not sent.
    pub(super) async fn submit_item(&self, item: T, size: usize) -> Option<R> {
        let (reply, replied) = oneshot::channel();
        let waiting = QueuedItem { item, size, reply };
        self.queue.send(waiting).ok()?;
        replied.await.ok()
    }
}

async fn run<T, R, F>(
    most: BatchLimits,
    items: mpsc::UnboundedReceiver<QueuedItem<T, R>>,
    send: impl Fn(Vec<T>) -> F,
) where
    R: Send + 'static,
    F: Future<Output = Vec<R>> + Send + 'static,
{
    // The next group is taken only when a request may be sent: until then more items can arrive.
    let groups = stream::unfold((items, VecDeque::new()), |(mut items, mut waiting)| async {
        if waiting.is_empty() {
            waiting.push_back(items.recv().await?);
        }
        if waiting.len() < most.items {
            tokio::time::sleep(LINGER).await;
        }
        while waiting.len() < most.items
            && let Ok(next) = items.try_recv()
        {
            waiting.push_back(next);
        }
        Some((take_batch(&mut waiting, most), (items, waiting)))
    });
    groups
        .for_each_concurrent(most.requests.max(1), async |(group, replies)| {
            if group.is_empty() {
                return;
            }
            // A task of its own: a panic while one group is sent must not end the others.
            let Ok(answers) = tokio::spawn(send(group)).await else {
                return;
            };
            for (reply, answer) in replies.into_iter().zip(answers) {
                // The caller may be gone; the item was sent anyway.
                let _ = reply.send(answer);
            }
        })
        .await;
}

/// The next group: as many as one request may hold, and at least one where there is one.
fn take_batch<T, R>(
    waiting: &mut VecDeque<QueuedItem<T, R>>,
    most: BatchLimits,
) -> (Vec<T>, Vec<oneshot::Sender<R>>) {
    waiting.retain(|next| !next.reply.is_closed());
    let mut bytes = 0;
    let fitting = waiting
        .iter()
        .take(most.items)
        .take_while(|next| {
            bytes += next.size;
            bytes <= most.bytes
        })
        .count();
    waiting.drain(..fitting.max(1).min(waiting.len())).map(|next| (next.item, next.reply)).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::sync::{Arc, Mutex};

    const MOST: BatchLimits = BatchLimits { items: 4, bytes: 30, requests: 2 };

    type Groups = Arc<Mutex<Vec<Vec<usize>>>>;

    /// A batcher of numbers, each ten bytes long except 7, which has forty; it replies with ten
    /// times the number after a second. And the groups as they were sent.
    fn test_batcher(most: BatchLimits) -> (Batcher<usize, usize>, Groups) {
        let sent = Groups::default();
        let log = Arc::clone(&sent);
        let send = move |group: Vec<usize>| {
            log.lock().unwrap().push(group.clone());
            async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                group.into_iter().map(|number| number * 10).collect()
            }
        };
        (Batcher::new(most, send), sent)
    }

    async fn ask(batcher: &Batcher<usize, usize>, numbers: std::ops::Range<usize>) -> Vec<usize> {
        let size = |number| if number == 7 { 40 } else { 10 };
        let each = numbers.map(|number| batcher.submit_item(number, size(number)));
        join_all(each).await.into_iter().flatten().collect()
    }

    #[tokio::test(start_paused = true)]
    async fn groups_items_within_the_limits() {
        let (batcher, sent) = test_batcher(MOST);
        assert_eq!(
            ask(&batcher, 0..10).await,
            (0..10).map(|number| number * 10).collect::<Vec<_>>()
        );
        let sent = sent.lock().unwrap().clone();
        assert_eq!(sent, [vec![0, 1, 2], vec![3, 4, 5], vec![6], vec![7], vec![8, 9]]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_affects_only_its_group() {
        let send = |group: Vec<usize>| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(!group.contains(&0), "as a fault would");
            group
        };
        let batcher = Batcher::new(MOST, send);
        assert_eq!(ask(&batcher, 0..9).await, [3, 4, 5, 6, 7, 8]);
        assert_eq!(ask(&batcher, 10..12).await, [10, 11]);
    }

    #[tokio::test(start_paused = true)]
    async fn limits_concurrent_requests() {
        let begun = tokio::time::Instant::now();
        let (batcher, sent) = test_batcher(BatchLimits { items: 1, ..MOST });
        ask(&batcher, 0..6).await;
        assert_eq!(sent.lock().unwrap().len(), 6);
        assert_eq!(begun.elapsed().as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn drops_items_nobody_waits_for() {
        let (batcher, sent) = test_batcher(BatchLimits { requests: 1, ..MOST });
        let soon = Duration::from_millis(500);
        let (_, gone, stayed) = tokio::join!(
            ask(&batcher, 0..3),
            tokio::time::timeout(soon, batcher.submit_item(4, 10)),
            ask(&batcher, 5..6)
        );
        assert!(gone.is_err());
        assert_eq!(stayed, [50]);
        assert_eq!(*sent.lock().unwrap(), [vec![0, 1, 2], vec![5]]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_caller_does_not_affect_others() {
        let (batcher, sent) = test_batcher(MOST);
        let (gone, stayed) = tokio::join!(
            tokio::time::timeout(Duration::from_millis(500), batcher.submit_item(1, 10)),
            ask(&batcher, 2..4)
        );
        assert!(gone.is_err());
        assert_eq!(stayed, [20, 30]);
        assert_eq!(sent.lock().unwrap().concat(), [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_missing_reply_is_none() {
        let batcher: Batcher<usize, usize> = Batcher::new(MOST, |_| async { vec![1] });
        let both = tokio::join!(batcher.submit_item(1, 1), batcher.submit_item(2, 1));
        assert_eq!(both, (Some(1), None));
    }
}
