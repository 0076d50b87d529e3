//! The shapes of a message: what a program of one's own, Slack, Mattermost and Teams take by webhook. The
//! lines are given as text of which nothing is parsed: preformatted rich text, a code block, text runs.

use crate::printer::text;
use serde_json::{Value, json};

use super::json::AlertOutput;
use super::{AlertRun, AlertText, Section};
use crate::domain::alert::Alert;
use crate::output::json::render;

words! {
    /// The shape of a message by webhook (`ARKIB_ALERT_FORMAT`).
    pub enum AlertFormat {
        /// `arkib schema alert` describes it.
        Json = "json",
        /// Slack: blocks of rich text.
        Slack = "slack",
        /// Mattermost: Markdown.
        Mattermost = "mattermost",
        /// A workflow of Teams: an Adaptive Card.
        Teams = "teams",
    }
}

impl AlertFormat {
    /// The body of the request.
    pub fn render(self, alert: &Alert, run: &AlertRun) -> String {
        let text = AlertText::new(alert, run);
        match self {
            Self::Json => render(&AlertOutput::new(alert, run, &text)),
            Self::Slack => render(&slack(&text)),
            Self::Mattermost => render(&mattermost(&text)),
            Self::Teams => render(&teams(&text)),
        }
    }
}

fn slack(text: &AlertText) -> Value {
    let styled = |text: &str| {
        let bold = json!({"type": "text", "text": text, "style": {"bold": true}});
        json!({"type": "rich_text_section", "elements": [bold]})
    };
    let mut elements = vec![styled(&text.title)];
    for Section { heading, lines } in &text.sections {
        let lines = json!({"type": "text", "text": lines.join("\n")});
        elements.push(styled(heading));
        elements.push(json!({"type": "rich_text_preformatted", "elements": [lines]}));
    }
    if let Some(job) = &text.job {
        let link = json!({"type": "link", "url": job, "text": text!("alert-job")});
        elements.push(json!({"type": "rich_text_section", "elements": [link]}));
    }
    // The text is what a notification shows.
    json!({"text": text.title, "blocks": [{"type": "rich_text", "elements": elements}]})
}

fn mattermost(text: &AlertText) -> Value {
    let mut body = format!("**{}**\n", text.title);
    for Section { heading, lines } in &text.sections {
        body.push_str(&format!("\n{heading}\n```text\n{}\n```\n", lines.join("\n")));
    }
    if let Some(job) = &text.job {
        body.push_str(&format!("\n[{}]({job})\n", text!("alert-job")));
    }
    json!({"text": body})
}

fn teams(text: &AlertText) -> Value {
    let block = |style: Value, text: &str| {
        let mut run = json!({"type": "TextRun", "text": text});
        if let (Value::Object(run), Value::Object(style)) = (&mut run, style) {
            run.extend(style);
        }
        json!({"type": "RichTextBlock", "inlines": [run]})
    };
    let bold = || json!({"weight": "Bolder"});
    let mut body = vec![block(json!({"weight": "Bolder", "size": "Medium"}), &text.title)];
    for Section { heading, lines } in &text.sections {
        body.push(block(bold(), heading));
        body.extend(lines.iter().map(|line| block(json!({"fontType": "Monospace"}), line)));
    }
    let actions: Vec<Value> = text
        .job
        .iter()
        .map(|job| json!({"type": "Action.OpenUrl", "title": text!("alert-job"), "url": job}))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": {"width": "Full"},
                "body": body,
                "actions": actions,
            },
        }],
    })
}
