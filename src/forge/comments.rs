//! The one comment on a pull request: found by author and marker, updated or made, and never two. Knows
//! what is done, and not how a forge is asked.

#[cfg(test)]
mod tests;

use super::comment_text::MARKER;
use super::error::ForgeError;

/// Who wrote a comment. The name is what GitHub says in place of an app's own token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The id of an account.
    Id(i64),
    /// Its name.
    Name(&'static str),
}

/// A comment as the forge has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id, which grows from one to the next.
    pub id: u64,
    /// The author's account, unless it is gone.
    pub author_id: Option<i64>,
    /// The author's name, where the forge has one.
    pub author_name: String,
    /// The text.
    pub text: String,
    /// Where people see it.
    pub url: Option<String>,
}

/// What a forge is asked about the comments on one pull request.
pub trait CommentStore {
    /// The newest commit of the branch.
    fn head(&self) -> impl Future<Output = Result<String, ForgeError>>;
    /// Whom the forge names as the author of what this token writes.
    fn author(&self) -> impl Future<Output = Result<Author, ForgeError>>;
    /// Those of all comments that are meant: nobody keeps the others.
    fn list(
        &self,
        is_meant: &dyn Fn(&Comment) -> bool,
    ) -> impl Future<Output = Result<Vec<Comment>, ForgeError>>;
    /// Makes one.
    fn create(&self, text: &str) -> impl Future<Output = Result<Comment, ForgeError>>;
    /// Replaces the text of one.
    fn update(&self, id: u64, text: &str) -> impl Future<Output = Result<Comment, ForgeError>>;
    /// Deletes one, if it is still there.
    fn delete(&self, id: u64) -> impl Future<Output = Result<(), ForgeError>>;
}

/// What became of the comment.
#[derive(Debug, PartialEq, Eq)]
pub enum CommentOutcome {
    /// It says what it should; where people see it.
    Written(Option<String>),
    /// The branch has another newest commit: the run of that one comments.
    Outdated(String),
}

/// Makes the one comment say this, unless the branch has gone on from this commit.
///
/// # Errors
/// Why the forge does not do it.
pub async fn write_comment(
    store: &impl CommentStore,
    commit: &str,
    text: &str,
) -> Result<CommentOutcome, ForgeError> {
    if let Some(newer) = newer_commit(store, commit).await? {
        return Ok(CommentOutcome::Outdated(newer));
    }
    let author = store.author().await?;
    let own = own_comments(store, |comment| is_by(comment, &author)).await?;
    let Some((oldest, others)) = own.split_first() else {
        return create_once(store, commit, text).await;
    };
    // To list the comments took its time.
    if let Some(newer) = newer_commit(store, commit).await? {
        return Ok(CommentOutcome::Outdated(newer));
    }
    update_and_delete_others(store, oldest, others, text).await
}

/// The newest commit of the branch, if it is not this one.
async fn newer_commit(
    store: &impl CommentStore,
    commit: &str,
) -> Result<Option<String>, ForgeError> {
    let newest = store.head().await?;
    Ok((newest != commit).then_some(newest))
}

/// Makes one comment say this, and deletes the others.
async fn update_and_delete_others(
    store: &impl CommentStore,
    kept: &Comment,
    others: &[Comment],
    text: &str,
) -> Result<CommentOutcome, ForgeError> {
    let written = store.update(kept.id, text).await?;
    delete_all(store, others).await?;
    Ok(CommentOutcome::Written(written.url))
}

/// Makes a comment. Where another run of this pull request did the same meanwhile, the older of both
/// stays; each of the runs sees to that, so it does not matter which is faster.
async fn create_once(
    store: &impl CommentStore,
    commit: &str,
    text: &str,
) -> Result<CommentOutcome, ForgeError> {
    let created = store.create(text).await?;
    let is_own =
        |comment: &Comment| comment.author_id.is_some() && comment.author_id == created.author_id;
    let own = own_comments(store, is_own).await?;
    let Some((older, others)) = own.split_first().filter(|(oldest, _)| oldest.id < created.id)
    else {
        let newer: Vec<Comment> = own.into_iter().filter(|own| own.id > created.id).collect();
        delete_all(store, &newer).await?;
        return Ok(CommentOutcome::Written(created.url));
    };
    if let Some(newer) = newer_commit(store, commit).await? {
        store.delete(created.id).await?;
        return Ok(CommentOutcome::Outdated(newer));
    }
    update_and_delete_others(store, older, others, text).await
}

async fn delete_all(store: &impl CommentStore, comments: &[Comment]) -> Result<(), ForgeError> {
    for comment in comments {
        store.delete(comment.id).await?;
    }
    Ok(())
}

/// Those by this author that begin with the marker, the oldest first: anyone can write the marker.
async fn own_comments(
    store: &impl CommentStore,
    is_own: impl Fn(&Comment) -> bool,
) -> Result<Vec<Comment>, ForgeError> {
    let is_meant = |comment: &Comment| is_own(comment) && comment.text.starts_with(MARKER);
    let mut own = store.list(&is_meant).await?;
    own.sort_by_key(|comment| comment.id);
    Ok(own)
}

fn is_by(comment: &Comment, author: &Author) -> bool {
    match author {
        Author::Id(id) => comment.author_id == Some(*id),
        Author::Name(name) => comment.author_name == *name,
    }
}
