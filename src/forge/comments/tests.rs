//! Which comment is updated, made or deleted, against comments in memory.

use std::cell::{Cell, RefCell};

use super::*;

const ME: i64 = 5;
const HEAD: &str = "c0ffee";

/// A pull request in memory, and what another run does there.
#[derive(Default)]
struct Memory {
    comments: RefCell<Vec<Comment>>,
    done: RefCell<Vec<String>>,
    /// A comment that another run makes just before this one does.
    other_run: Cell<Option<Comment>>,
    /// The newest commit after so many questions for it.
    pushed_after: Option<usize>,
    asked: Cell<usize>,
    is_app: bool,
}

fn comment(id: u64, author: i64, text: &str) -> Comment {
    let author_name = match author {
        ME => "github-actions[bot]".to_owned(),
        other => format!("user-{other}"),
    };
    Comment {
        id,
        author_id: Some(author),
        author_name,
        text: text.into(),
        url: Some(format!("#{id}")),
    }
}

impl Memory {
    fn with(comments: &[(u64, i64, &str)]) -> Self {
        let comments = comments.iter().map(|(id, by, text)| comment(*id, *by, text));
        Self { comments: RefCell::new(comments.collect()), ..Self::default() }
    }

    fn note(&self, what: String) {
        self.done.borrow_mut().push(what);
    }
}

impl CommentStore for Memory {
    async fn head(&self) -> Result<String, ForgeError> {
        self.asked.set(self.asked.get() + 1);
        let is_old = self.pushed_after.is_none_or(|after| self.asked.get() <= after);
        Ok(if is_old { HEAD.to_owned() } else { "f00d".to_owned() })
    }

    async fn author(&self) -> Result<Author, ForgeError> {
        Ok(if self.is_app { Author::Name("github-actions[bot]") } else { Author::Id(ME) })
    }

    async fn list(&self, is_meant: &dyn Fn(&Comment) -> bool) -> Result<Vec<Comment>, ForgeError> {
        let comments = self.comments.borrow();
        Ok(comments.iter().rev().filter(|comment| is_meant(comment)).cloned().collect())
    }

    async fn create(&self, text: &str) -> Result<Comment, ForgeError> {
        let mut comments = self.comments.borrow_mut();
        comments.extend(self.other_run.take());
        let id = comments.iter().map(|comment| comment.id).max().unwrap_or_default() + 1;
        comments.push(comment(id, ME, text));
        self.note(format!("create {id}"));
        Ok(comment(id, ME, text))
    }

    async fn update(&self, id: u64, text: &str) -> Result<Comment, ForgeError> {
        let mut comments = self.comments.borrow_mut();
        let found = comments.iter_mut().find(|comment| comment.id == id).expect("it is there");
        found.text = text.to_owned();
        self.note(format!("update {id}"));
        Ok(found.clone())
    }

    async fn delete(&self, id: u64) -> Result<(), ForgeError> {
        self.comments.borrow_mut().retain(|comment| comment.id != id);
        self.note(format!("delete {id}"));
        Ok(())
    }
}

const OLD: &str = "<!-- arkib reconcile -->\nold";
const NEW: &str = "<!-- arkib reconcile -->\nnew";

/// What was done, and what came of it.
async fn run(store: &Memory) -> (Vec<String>, CommentOutcome) {
    let outcome = write_comment(store, HEAD, NEW).await.expect("no refusals");
    let texts: Vec<_> = store.comments.borrow().clone();
    let own = texts.iter().filter(|comment| comment.author_id == Some(ME) && comment.text == NEW);
    if let CommentOutcome::Written(_) = outcome {
        assert_eq!(own.count(), 1, "{texts:?}");
    }
    (store.done.take(), outcome)
}

fn at(url: &str) -> CommentOutcome {
    CommentOutcome::Written(Some(url.into()))
}

#[tokio::test]
async fn makes_one_comment_and_then_updates_it() {
    let store = Memory::with(&[(1, 9, "hello")]);
    assert_eq!(run(&store).await, (vec!["create 2".into()], at("#2")));
    assert_eq!(run(&store).await, (vec!["update 2".into()], at("#2")));
}

#[tokio::test]
async fn takes_no_comment_of_others_and_none_without_the_marker() {
    let store = Memory::with(&[(1, 9, OLD), (2, ME, "hello"), (3, ME, &format!("> {OLD}"))]);
    assert_eq!(run(&store).await, (vec!["create 4".into()], at("#4")));
    // An app may not ask who it is.
    let store = Memory { is_app: true, ..Memory::with(&[(1, 9, OLD), (2, ME, OLD)]) };
    assert_eq!(run(&store).await, (vec!["update 2".into()], at("#2")));
}

#[tokio::test]
async fn of_two_runs_at_once_the_older_comment_stays() {
    let store = Memory::with(&[(1, 9, OLD)]);
    store.other_run.set(Some(comment(2, ME, OLD)));
    let done = ["create 3", "update 2", "delete 3"].map(str::to_owned).to_vec();
    assert_eq!(run(&store).await, (done, at("#2")));
    // What an earlier run could not delete.
    let store = Memory::with(&[(1, ME, OLD), (4, ME, OLD), (3, 9, OLD)]);
    let done = ["update 1", "delete 4"].map(str::to_owned).to_vec();
    assert_eq!(run(&store).await, (done, at("#1")));
}

#[tokio::test]
async fn an_older_commit_says_nothing() {
    let store = Memory { pushed_after: Some(0), ..Memory::with(&[(1, ME, OLD)]) };
    assert_eq!(run(&store).await, (vec![], CommentOutcome::Outdated("f00d".into())));
    // It became one while the comments were listed.
    let store = Memory { pushed_after: Some(1), ..Memory::with(&[(1, ME, OLD)]) };
    assert_eq!(run(&store).await, (vec![], CommentOutcome::Outdated("f00d".into())));
    // It became one while it made its comment: that of the newer run stays.
    let store = Memory { pushed_after: Some(1), ..Memory::default() };
    store.other_run.set(Some(comment(2, ME, OLD)));
    let done = ["create 3", "delete 3"].map(str::to_owned).to_vec();
    assert_eq!(run(&store).await, (done, CommentOutcome::Outdated("f00d".into())));
    assert_eq!(store.comments.borrow()[0].text, OLD);
}
