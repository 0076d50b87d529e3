//! The parts of the forges' answers that matter. GitHub's and Forgejo's are alike. Pure.

use serde::Deserialize;
use serde_json::Value;

use crate::forge::comments::Comment;

/// An account.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub id: i64,
    /// GitLab's have none.
    #[serde(default)]
    login: String,
}

/// A comment or note.
#[derive(Debug, Deserialize)]
pub(super) struct CommentBody {
    id: u64,
    #[serde(default)]
    body: Option<String>,
    /// Nothing where the account is gone.
    #[serde(default)]
    user: Option<Account>,
    /// GitLab's word for it.
    #[serde(default)]
    author: Option<Account>,
    #[serde(default)]
    html_url: Option<String>,
}

impl From<CommentBody> for Comment {
    fn from(body: CommentBody) -> Self {
        let author = body.user.or(body.author);
        Self {
            id: body.id,
            author_id: author.as_ref().map(|author| author.id),
            author_name: author.map(|author| author.login).unwrap_or_default(),
            text: body.body.unwrap_or_default(),
            url: body.html_url,
        }
    }
}

/// A pull request, or GitLab's merge request.
#[derive(Debug, Deserialize)]
pub(super) struct PullRequestBody {
    #[serde(default)]
    head: Option<Head>,
    #[serde(default)]
    sha: Option<String>,
    pub web_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Head {
    sha: String,
}

impl PullRequestBody {
    /// The newest commit of its branch.
    pub fn newest_commit(self) -> Option<String> {
        self.head.map(|head| head.sha).or(self.sha)
    }
}

/// A forge's own words of a refusal, if it is its API that says them.
pub(super) fn refusal_message(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let words = body.get("message").or_else(|| body.get("error"))?;
    Some(words.as_str().map_or_else(|| words.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_each_forge_answers() {
        let comments: Vec<CommentBody> = serde_json::from_str(
            r#"[{"id": 1, "body": "a", "user": {"id": -2, "login": "x", "username": "x"}, "html_url": "u", "node_id": "n"},
                {"id": 2, "body": null, "user": null},
                {"id": 3, "body": "b", "author": {"id": 9, "username": "siti"}, "system": false}]"#,
        )
        .expect("comments");
        let read: Vec<Comment> = comments.into_iter().map(Comment::from).collect();
        let short = |comment: &Comment| {
            (comment.author_id, comment.author_name.clone(), comment.url.clone())
        };
        assert_eq!(short(&read[0]), (Some(-2), "x".into(), Some("u".into())));
        assert_eq!(short(&read[1]), (None, String::new(), None));
        assert_eq!(short(&read[2]), (Some(9), String::new(), None));
        for (body, commit) in [
            (r#"{"head": {"sha": "c0ffee"}, "merge_commit_sha": "no"}"#, Some("c0ffee")),
            (r#"{"sha": "c0ffee", "web_url": "u"}"#, Some("c0ffee")),
            (r#"{"sha": null}"#, None),
        ] {
            let body: PullRequestBody = serde_json::from_str(body).expect("a pull request");
            assert_eq!(body.newest_commit().as_deref(), commit);
        }
    }

    #[test]
    fn reads_refusals() {
        for (body, words) in [
            (r#"{"message": "Bad credentials"}"#, Some("Bad credentials")),
            (r#"{"error": "insufficient_scope"}"#, Some("insufficient_scope")),
            (r#"{"message": {"note": ["is too long"]}}"#, Some(r#"{"note":["is too long"]}"#)),
            ("<html>", None),
            ("[]", None),
        ] {
            assert_eq!(refusal_message(body.as_bytes()).as_deref(), words);
        }
    }
}
