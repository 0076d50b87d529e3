//! Sends the one message of a run to its operators: by webhook, or as e-mail through the server of
//! `arkib notify`. The address is a secret. What cannot be sent is said in one line, and changes nothing
//! of how the run ends.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, StatusCode, Url};
use secrecy::SecretString;

use crate::apply::Stop;
use crate::domain::alert::Alert;
use crate::domain::mailbox_address::Mailbox;
use crate::environment::{EnvError, ReadFile, Variable, given, unusable};
use crate::http::{
    Peer, TRY_TIMEOUTS, Tls, TlsVariables, UrlVariable, build_client, is_web_page,
    proxy_from_environment, send_with_retries,
};
use crate::mail::message::{EmailMessage, encode_message, message_id, parse_address};
use crate::mail::{Connection, MailError, MailErrorKind, Server};
use crate::output::alert::{AlertFormat, AlertRun, AlertText};
use crate::printer;
use crate::text::{excerpt, one_line};

/// The variable with the address.
const URL: &str = "ARKIB_ALERT_URL";
/// The variable with the shape of the message.
const FORMAT: &str = "ARKIB_ALERT_FORMAT";
static TLS: TlsVariables =
    TlsVariables { ca: "ARKIB_ALERT_CA", cert: "ARKIB_ALERT_CERT", key: "ARKIB_ALERT_KEY" };
const WEBHOOK: UrlVariable = UrlVariable {
    what: || message!("setting-alert-address"),
    variable: URL,
    example: || message!("setting-alert-example"),
    secret: || message!("setting-message"),
    instead: || message!("setting-alert-instead"),
    may_have_query: true,
};
const PEER: Peer = Peer { name: "the webhook", variable: URL, tls: &TLS };

/// The most bytes of an answer that are read.
const LONGEST_ANSWER: usize = 64 << 10;
/// The shortest part of the address that is hidden by itself: a shorter one may be a word of any text.
const SHORTEST_SECRET: usize = 16;
/// How long sending may take in all.
const LONGEST: Duration = Duration::from_secs(60);
/// How long is waited before the next try of an e-mail.
const MAIL_PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];

/// Where alerts go.
pub(super) enum AlertTarget {
    /// To a webhook, in a shape.
    Webhook(Box<Client>, Url, AlertFormat),
    /// To an address, through a server.
    Mail(Mailbox, Box<Server>),
}

impl AlertTarget {
    /// Reads the environment; nothing where no address is given.
    ///
    /// # Errors
    /// What cannot be used.
    pub fn from_environment(
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<Option<Self>, EnvError> {
        let Some(address) = given(variable, URL) else { return Ok(None) };
        let address = address.trim();
        let format = given(variable, FORMAT);
        let format = format.as_deref().map_or("json", str::trim);
        if let Some(to) = address.strip_prefix("mailto:") {
            let to = Mailbox::parse(to)
                .map_err(|expected| unusable!("setting-mailto", expected; variable = URL))?;
            let server = Server::from_environment(variable, read_file)?;
            server.secrets().iter().for_each(printer::hide_secret);
            return Ok(Some(Self::Mail(to, Box::new(server))));
        }
        hide(address);
        let url = WEBHOOK.parse_url(address)?;
        hide(url.as_str());
        let query = url.query().unwrap_or_default();
        let parts = url.path().split('/').chain(query.split(['&', '=']));
        parts.filter(|part| part.len() >= SHORTEST_SECRET).for_each(hide);
        let Some((_, format)) = AlertFormat::WORDS.into_iter().find(|(word, _)| *word == format)
        else {
            // It may be the address, put there by mistake.
            let words = AlertFormat::WORDS.map(|(word, _)| word).join(", ");
            return Err(
                unusable!("setting-alert-format", variable = FORMAT; variable = FORMAT, words),
            );
        };
        let tls = Tls::from_environment(&TLS, variable, read_file)?;
        let proxy = proxy_from_environment(&url, variable)?;
        let client = build_client(&url, &tls, proxy.as_ref(), TRY_TIMEOUTS, HeaderMap::new())?;
        Ok(Some(Self::Webhook(Box::new(client), url, format)))
    }

    /// Sends a message, a few times if that helps, for at most about a minute. `from` is the sender of
    /// an e-mail.
    ///
    /// # Errors
    /// Why it was not taken, in one line.
    pub async fn send(
        &self,
        alert: &Alert,
        run: &AlertRun,
        from: Option<&Mailbox>,
        stop: &Stop,
    ) -> Result<(), String> {
        let send = async {
            match self {
                Self::Webhook(client, url, format) => {
                    let body = format.render(alert, run);
                    post(client, url, printer::without_secrets(&body).into_owned()).await
                }
                Self::Mail(to, server) => {
                    let text = AlertText::new(alert, run);
                    mail(server, from.unwrap_or(to), to, &text, run).await
                }
            }
        };
        tokio::select! {
            biased;
            sent = tokio::time::timeout(LONGEST, send) => {
                sent.unwrap_or_else(|_| Err(format!("it took more than {} seconds", LONGEST.as_secs())))
            }
            () = stop.wait_until_grace_is_over() => Err("the run was interrupted".to_owned()),
        }
    }
}

/// Nothing shows it from now on.
fn hide(secret: &str) {
    printer::hide_secret(&SecretString::from(secret));
}

async fn post(client: &Client, url: &Url, body: String) -> Result<(), String> {
    let quote = |text: &str| excerpt(&one_line(text), 200);
    let request = client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body);
    let answer = send_with_retries(request, &PEER, LONGEST_ANSWER, &quote).await;
    let answer = answer.map_err(|error| join(&error.why, &error.help))?;
    let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // Slack calls its `ok` a web page, so where there is a body, only that tells.
    let is_page = match &answer.body {
        Some(body) if answer.status.is_success() => is_web_page(None, body),
        body => is_web_page(kind, body.as_deref().unwrap_or_default()),
    };
    if answer.status.is_success() && !is_page {
        return Ok(());
    }
    let body = answer.body.unwrap_or_default();
    let said = match is_page {
        true => "a web page".to_owned(),
        false => quote(&String::from_utf8_lossy(&body)),
    };
    let said = if said.is_empty() { said } else { format!(" ({said})") };
    let status = answer.status.as_u16();
    Err(join(&format!("the webhook answered {status}{said}"), help_for(answer.status)))
}

fn help_for(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..=299 => {
            "check ARKIB_ALERT_URL: a proxy or a login page answered in place of the webhook"
        }
        300..=399 => "set ARKIB_ALERT_URL to the address that it redirects to",
        400 | 413 | 415 | 422 => "check that ARKIB_ALERT_FORMAT is what this address takes",
        401 | 403 | 404 | 410 => {
            "check ARKIB_ALERT_URL: the webhook may have been removed or replaced"
        }
        _ => "the next run tries again",
    }
}

fn join(why: &str, help: &str) -> String {
    if help.is_empty() { why.to_owned() } else { format!("{why}; {help}") }
}

async fn mail(
    server: &Server,
    from: &Mailbox,
    to: &Mailbox,
    text: &AlertText,
    run: &AlertRun,
) -> Result<(), String> {
    let plain = text.to_plain_text();
    let plain = printer::without_secrets(&plain);
    let html = plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let ended = run.ended.to_string();
    let bytes = encode_message(&EmailMessage {
        from_name: "arkib",
        from: from.as_str(),
        to: to.as_str(),
        subject: &text.title,
        text: &plain,
        html: &format!("<pre>{html}</pre>"),
        id: &message_id(&["alert", &ended, &plain], from.domain()),
        at: run.ended,
    })?;
    let mut pauses = MAIL_PAUSES.into_iter();
    loop {
        let error = match mail_once(server, from, to, &bytes).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let may_help = matches!(error.kind, MailErrorKind::Lost | MailErrorKind::Deferred);
        match pauses.next().filter(|_| may_help) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => {
                let why = format!("the mail server {}: {}", server.host_and_port(), error.why);
                return Err(join(&one_line(&why), &error.help));
            }
        }
    }
}

async fn mail_once(
    server: &Server,
    from: &Mailbox,
    to: &Mailbox,
    bytes: &[u8],
) -> Result<(), MailError> {
    let refused = |why| MailError::new(MailErrorKind::Refused, why);
    let from_address = parse_address(from.as_str()).map_err(refused)?;
    let to_address = parse_address(to.as_str()).map_err(refused)?;
    let mut connection = Connection::open(server, from.domain()).await?;
    connection.begin_message(&from_address, &to_address).await?;
    connection.send(bytes).await?;
    connection.close().await;
    Ok(())
}
