//! How GitHub, GitLab and Forgejo are asked about the comments on one pull request. May not know what is
//! in them.

mod answers;
mod pages;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LINK};
use reqwest::{Client, Method, Url};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use serde_json::json;

use self::answers::{Account, CommentBody, PullRequestBody, refusal_message};
use self::pages::{PAGE, read_pages};
use super::ci_run::{Forge, PullRequestRun};
use super::comments::{Author, Comment, CommentStore};
use super::error::ForgeError;
use super::meanings::{answer_error, status_error};
use super::settings::ForgeSettings;
use crate::http::{Answer, Peer, TRY_TIMEOUTS, build_client, is_web_page, send_with_retries};

/// The most bytes of an answer: a page of the longest comments.
const LONGEST: usize = 64 << 20;
/// The account of Forgejo's and Gitea's own jobs, which is in no table of theirs.
const FORGEJO_JOBS: i64 = -2;

/// Makes a foreign message safe to show.
pub type SanitizeMessage<'a> = &'a dyn Fn(&str) -> String;

/// One pull request at a forge.
pub struct PullRequestApi<'a> {
    client: Client,
    forge: Forge,
    /// The address of the pull request or merge request.
    pull_request: Url,
    /// Of its comments.
    comments: Url,
    /// Before the id of one of them.
    comment: Url,
    account: Url,
    peer: Peer,
    quote: SanitizeMessage<'a>,
}

impl<'a> PullRequestApi<'a> {
    /// # Errors
    /// Where no client can be made.
    pub fn new(
        run: &PullRequestRun,
        settings: ForgeSettings,
        quote: SanitizeMessage<'a>,
    ) -> Result<Self, ForgeError> {
        let api = &settings.api;
        let headers = headers(run.forge, settings.token.expose_secret());
        let client =
            build_client(api, &settings.tls, settings.proxy.as_ref(), TRY_TIMEOUTS, headers)?;
        let number = run.number.to_string();
        let (pull_request, comments, comment) = match run.forge {
            Forge::Gitlab => {
                let request = ["projects", &run.project, "merge_requests", &number];
                let notes = [&request[..], &["notes"]].concat();
                (url_below(api, &request), url_below(api, &notes), url_below(api, &notes))
            }
            Forge::Github | Forge::Forgejo => {
                let repository: Vec<&str> =
                    ["repos"].into_iter().chain(run.project.split('/')).collect();
                let at = |more: &[&str]| url_below(api, &[&repository[..], more].concat());
                (
                    at(&["pulls", &number]),
                    at(&["issues", &number, "comments"]),
                    at(&["issues", "comments"]),
                )
            }
        };
        Ok(Self {
            client,
            forge: run.forge,
            pull_request,
            comments,
            comment,
            account: url_below(api, &["user"]),
            peer: settings.peer,
            quote,
        })
    }

    /// The body of a successful answer, and whether there is a further page.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        text: Option<&str>,
    ) -> Result<(T, bool), ForgeError> {
        let answer = self.send(method, url, text).await?;
        let other = |word| answer_error(self.forge, word);
        let body = answer.body.as_deref().ok_or_else(|| other("too-long"))?;
        let kind = answer.headers.get(reqwest::header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_ascii_lowercase);
        if is_web_page(kind.as_deref(), body) {
            return Err(other("web-page"));
        }
        let read = serde_json::from_slice(body).map_err(|_| other("other"))?;
        let links = answer.headers.get_all(LINK).into_iter().filter_map(|link| link.to_str().ok());
        Ok((read, links.into_iter().any(|link| link.contains("rel=\"next\""))))
    }

    /// An answer that is a success.
    async fn send(
        &self,
        method: Method,
        url: Url,
        text: Option<&str>,
    ) -> Result<Answer, ForgeError> {
        let mut request = self.client.request(method, url);
        if let Some(text) = text {
            request = request.json(&json!({ "body": text }));
        }
        let answer = send_with_retries(request, &self.peer, LONGEST, self.quote).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let said = refusal_message(answer.body.as_deref().unwrap_or_default());
        let said = (self.quote)(&said.unwrap_or_default());
        let is_limit = answer.retry_after.is_some()
            || answer.headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
        let status = answer.status.as_u16();
        Err(status_error(self.forge, status, is_limit && matches!(status, 403 | 429), &said))
    }

    async fn ask_comment(
        &self,
        method: Method,
        url: Url,
        text: &str,
    ) -> Result<Comment, ForgeError> {
        let (comment, _) = self.ask::<CommentBody>(method, url, Some(text)).await?;
        let mut comment = Comment::from(comment);
        // It is written, whatever becomes of this.
        if comment.url.is_none()
            && let Ok((request, _)) = self.pull_request().await
        {
            comment.url = request.web_url.map(|url| format!("{url}#note_{}", comment.id));
        }
        Ok(comment)
    }

    async fn pull_request(&self) -> Result<(PullRequestBody, bool), ForgeError> {
        self.ask(Method::GET, self.pull_request.clone(), None).await
    }
}

impl CommentStore for PullRequestApi<'_> {
    async fn head(&self) -> Result<String, ForgeError> {
        let (request, _) = self.pull_request().await?;
        request.newest_commit().ok_or_else(|| answer_error(self.forge, "other"))
    }

    async fn author(&self) -> Result<Author, ForgeError> {
        match self.ask::<Account>(Method::GET, self.account.clone(), None).await {
            Ok((account, _)) => Ok(Author::Id(account.id)),
            // The token of a job belongs to no user, so that it may not ask.
            Err(error) if error.is_refusal && self.forge == Forge::Github => {
                Ok(Author::Name("github-actions[bot]"))
            }
            Err(error) if error.is_refusal && self.forge == Forge::Forgejo => {
                Ok(Author::Id(FORGEJO_JOBS))
            }
            Err(error) => Err(error),
        }
    }

    async fn list(&self, is_meant: &dyn Fn(&Comment) -> bool) -> Result<Vec<Comment>, ForgeError> {
        let ask = async |page: usize| {
            let mut url = self.comments.clone();
            url.query_pairs_mut()
                .append_pair("per_page", &PAGE.to_string())
                .append_pair("page", &page.to_string());
            self.ask(Method::GET, url, None).await
        };
        read_pages(self.forge, ask, is_meant).await
    }

    async fn create(&self, text: &str) -> Result<Comment, ForgeError> {
        self.ask_comment(Method::POST, self.comments.clone(), text).await
    }

    async fn update(&self, id: u64, text: &str) -> Result<Comment, ForgeError> {
        let method = match self.forge {
            Forge::Gitlab => Method::PUT,
            Forge::Github | Forge::Forgejo => Method::PATCH,
        };
        self.ask_comment(method, url_below(&self.comment, &[&id.to_string()]), text).await
    }

    async fn delete(&self, id: u64) -> Result<(), ForgeError> {
        let url = url_below(&self.comment, &[&id.to_string()]);
        match self.send(Method::DELETE, url, None).await {
            // Another run was faster.
            Err(error) if error.status == Some(404) => Ok(()),
            done => done.map(drop),
        }
    }
}

/// An address below another, whose parts are data.
fn url_below(url: &Url, parts: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}

fn headers(forge: Forge, token: &str) -> HeaderMap {
    let secret = |text: String| {
        // The token was checked to be one.
        let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    };
    let accept = |kind| (ACCEPT, HeaderValue::from_static(kind));
    HeaderMap::from_iter(match forge {
        Forge::Github => vec![
            accept("application/vnd.github+json"),
            (
                HeaderName::from_static("x-github-api-version"),
                HeaderValue::from_static("2022-11-28"),
            ),
            (AUTHORIZATION, secret(format!("Bearer {token}"))),
        ],
        Forge::Gitlab => vec![
            accept("application/json"),
            (HeaderName::from_static("private-token"), secret(token.to_owned())),
        ],
        Forge::Forgejo => {
            vec![accept("application/json"), (AUTHORIZATION, secret(format!("token {token}")))]
        }
    })
}
