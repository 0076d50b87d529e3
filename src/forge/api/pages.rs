//! All pages of the comments, of which only those that are meant are kept: a forge may have any number,
//! and be slow. Knows not how a page is asked for.

use std::collections::HashSet;
use std::time::Duration;

use super::answers::CommentBody;
use crate::forge::ci_run::Forge;
use crate::forge::comments::Comment;
use crate::forge::error::ForgeError;
use crate::forge::meanings::answer_error;

/// The most comments on a page that GitHub and GitLab give.
pub(super) const PAGE: usize = 100;
/// The most pages that are read. (GitHub takes 2,500 comments on one pull request.)
const MOST_PAGES: usize = 100;
/// For how long.
const LONGEST: Duration = Duration::from_secs(120);

/// A page, and whether there is a further one.
pub(super) type Page = (Vec<CommentBody>, bool);

/// The comments that are meant. `ask` gets the page of that number, from one.
///
/// # Errors
/// Why a page cannot be read, or not all of them.
pub(super) async fn read_pages(
    forge: Forge,
    ask: impl AsyncFn(usize) -> Result<Page, ForgeError>,
    is_meant: &dyn Fn(&Comment) -> bool,
) -> Result<Vec<Comment>, ForgeError> {
    let read = tokio::time::timeout(LONGEST, async {
        let (mut meant, mut seen) = (Vec::new(), HashSet::new());
        for page in 1..=MOST_PAGES {
            let (found, has_next) = ask(page).await?;
            let (is_full, before) = (found.len() == PAGE, seen.len());
            let new = found.into_iter().map(Comment::from);
            meant.extend(new.filter(|comment| seen.insert(comment.id) && is_meant(comment)));
            // Forgejo and Gitea give all comments as any page.
            if seen.len() == before || !has_next && !is_full {
                return Ok(meant);
            }
        }
        Err(answer_error(forge, "too-long"))
    });
    read.await.unwrap_or_else(|_| Err(answer_error(forge, "too-slow")))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::{Instant, sleep};

    use super::*;

    /// A page of comments that are numbered from this on.
    fn page(from: usize, count: usize) -> Vec<CommentBody> {
        let ids = (from..from + count).map(|id| format!(r#"{{"id": {id}, "body": "x"}}"#));
        let text = format!("[{}]", ids.collect::<Vec<String>>().join(","));
        serde_json::from_str(&text).expect("comments")
    }

    /// How many pages were asked for, and the ids of the comments, or why there are none.
    async fn read(of: impl AsyncFn(usize) -> Page) -> (usize, Result<Vec<u64>, String>) {
        let asked = Cell::new(0);
        let ask = async |number| {
            asked.set(asked.get() + 1);
            Ok(of(number).await)
        };
        let read = read_pages(Forge::Gitlab, ask, &|comment| comment.id % 100 == 7).await;
        let ids = |all: Vec<Comment>| all.iter().map(|comment| comment.id).collect();
        (asked.get(), read.map(ids).map_err(|error| error.why.in_english()))
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_what_is_meant_of_all_pages() {
        let three = async |number: usize| match number {
            3 => (page(200, 20), false),
            _ => (page((number - 1) * 100, 100), true),
        };
        assert_eq!(read(three).await, (3, Ok(vec![7, 107, 207])));
        // A forge that knows no pages, and one that does not say whether there are more.
        assert_eq!(read(async |_| (page(0, 250), true)).await, (2, Ok(vec![7, 107, 207])));
        assert_eq!(read(async |_| (page(0, 100), false)).await, (2, Ok(vec![7])));
        assert_eq!(read(async |_| (page(0, 30), false)).await, (1, Ok(vec![7])));
    }

    #[tokio::test(start_paused = true)]
    async fn a_forge_without_an_end_is_given_up() {
        let (asked, read_all) = read(async |number| (page(number * 100, 100), true)).await;
        assert!(asked == 100 && read_all.is_err_and(|why| why.contains("more than")), "{asked}");
        let begun = Instant::now();
        let (asked, read_all) = read(async |number| {
            sleep(Duration::from_secs(50)).await;
            (page(number * 100, 100), true)
        })
        .await;
        let why = read_all.expect_err("it is slow");
        assert!(asked == 3 && why.contains("too long to list"), "{asked}: {why}");
        assert!(begun.elapsed() <= Duration::from_secs(121), "{:?}", begun.elapsed());
    }
}
