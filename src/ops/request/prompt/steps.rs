//! The questions for a request, in the order of a letter.

use jiff::civil::Date;

use super::context::{Answers, PromptContext};
use super::suggestions::suggest_accounts;
use super::{documents, mailboxes, withdrawable};
use crate::domain::request::Channel;
use crate::domain::written_date::written_day;
use crate::language::Message;
use crate::ops::filing::parse_answers::{
    parse_applicant, parse_date, parse_reason, parse_reference,
};
use crate::ops::filing::prompter::{Prompter, Question, Unanswered, ask_optional, ask_required};
use crate::printer::text;

/// A question, and the value that it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Mailboxes,
    Withdraws,
    Received,
    Channel,
    Reference,
    Applicant,
    Name,
    File,
    Effective,
    Reason,
    Documents,
}

impl Step {
    /// The questions of a request, whether they are answered or not.
    pub(crate) fn all(answers: &Answers) -> Vec<Self> {
        let first = match answers.intake.target {
            Some(_) => Self::Mailboxes,
            None => Self::Withdraws,
        };
        vec![
            first,
            Self::Received,
            Self::Channel,
            Self::Reference,
            Self::Applicant,
            Self::Name,
            Self::File,
            Self::Effective,
            Self::Reason,
            Self::Documents,
        ]
    }

    /// Whether there is an answer.
    pub(super) fn is_answered(self, answers: &Answers) -> bool {
        let Answers { intake, evidence } = answers;
        match self {
            Self::Mailboxes => !intake.mailboxes.is_empty(),
            Self::Withdraws => intake.withdraws.is_some(),
            Self::Received => intake.received.is_some(),
            Self::Channel => intake.channel.is_some(),
            Self::Reference => intake.reference.is_some(),
            Self::Applicant => intake.from.is_some(),
            Self::Name => intake.name.is_some(),
            Self::File => intake.file.is_some(),
            Self::Effective => intake.effective.is_some(),
            Self::Reason => intake.reason.is_some(),
            Self::Documents => !evidence.is_empty(),
        }
    }

    /// Whether it is asked after what is answered: a name is the applicant's, or that of the only mailbox's user.
    pub(super) fn has_meaning(self, answers: &Answers) -> bool {
        let Answers { intake, .. } = answers;
        self != Self::Name || intake.from.is_some() || intake.mailboxes.len() == 1
    }

    /// Its name, as it stands before the value.
    pub(super) fn label(self) -> Message {
        match self {
            Self::Mailboxes => message!("request-label-mailboxes"),
            Self::Withdraws => message!("request-label-withdraws"),
            Self::Received => message!("request-label-received"),
            Self::Channel => message!("request-label-channel"),
            Self::Reference => message!("request-label-reference"),
            Self::Applicant => message!("request-label-applicant"),
            Self::Name => message!("request-label-name"),
            Self::File => message!("request-label-file"),
            Self::Effective => message!("request-label-effective"),
            Self::Reason => message!("request-label-reason"),
            Self::Documents => message!("request-label-documents"),
        }
    }

    /// Its value in lines; none where it is left out.
    pub(super) fn lines(self, answers: &Answers) -> Vec<String> {
        let Answers { intake, evidence } = answers;
        let text = |value: &Option<String>| -> Vec<String> {
            value.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
        };
        let day = |day: Option<Date>| day.map(written_day);
        match self {
            Self::Mailboxes => intake.mailboxes.iter().map(ToString::to_string).collect(),
            Self::Withdraws => intake.withdraws.iter().map(ToString::to_string).collect(),
            Self::Received => day(intake.received).into_iter().collect(),
            Self::Channel => intake
                .channel
                .map(|channel| {
                    text!("request-channel", channel = Message::from_word(channel.as_str()))
                })
                .into_iter()
                .collect(),
            Self::Reference => text(&intake.reference),
            Self::Applicant => intake.from.iter().map(ToString::to_string).collect(),
            Self::Name => text(&intake.name),
            Self::File => text(&intake.file),
            Self::Effective => {
                vec![day(intake.effective).unwrap_or_else(|| text!("request-effective-at-once"))]
            }
            Self::Reason => text(&intake.reason),
            Self::Documents => {
                evidence.iter().map(|file| file.to_string_lossy().into_owned()).collect()
            }
        }
    }

    /// Asks for its value; an earlier answer can be edited.
    pub(crate) fn ask(
        self,
        dialogue: &mut dyn Prompter,
        answers: &mut Answers,
        about: &PromptContext<'_>,
    ) -> Result<(), Unanswered> {
        let intake = &mut answers.intake;
        match self {
            Self::Mailboxes => mailboxes::ask_mailboxes(dialogue, intake, about)?,
            Self::Withdraws => {
                let start = intake.withdraws.as_ref();
                let chosen = withdrawable::choose(dialogue, (about.agencies, about.roster), start)?;
                intake.withdraws = Some(chosen);
            }
            Self::Received => {
                intake.received = Some(ask_received(dialogue, intake.received, about.today)?);
            }
            Self::Channel => intake.channel = Some(ask_channel(dialogue, intake.channel)?),
            Self::Reference => {
                let question = Question {
                    text: text!("request-ask-reference"),
                    help: text!("request-ask-reference-help"),
                    initial: intake.reference.clone().unwrap_or_default(),
                    ..Question::default()
                };
                intake.reference = Some(ask_required(dialogue, question, parse_reference)?);
            }
            Self::Applicant => {
                let suggest = |typed: &str| suggest_accounts(typed, about.roster);
                let known = intake.from.as_ref().map(ToString::to_string);
                let question = optional(text!("request-ask-applicant"), &known);
                let question = Question { suggest: Some(&suggest), ..question };
                intake.from = ask_optional(dialogue, question, parse_applicant)?;
            }
            Self::Name => {
                let question = optional(text!("request-ask-name"), &intake.name);
                intake.name = ask_optional(dialogue, question, parse_reference)?;
            }
            Self::File => {
                let question = optional(text!("request-ask-file"), &intake.file);
                intake.file = ask_optional(dialogue, question, parse_reference)?;
            }
            Self::Effective => {
                let known = intake.effective.map(written_day);
                let mut question = optional(text!("request-ask-effective"), &known);
                if known.is_none() {
                    question.help = text!("request-ask-effective-help");
                }
                intake.effective = ask_optional(dialogue, question, parse_date)?;
            }
            Self::Reason => {
                let question = optional(text!("request-ask-reason"), &intake.reason);
                intake.reason = ask_optional(dialogue, question, parse_reason)?;
            }
            Self::Documents => documents::ask_documents(dialogue, answers, about)?,
        }
        Ok(())
    }
}

/// A question that may be left unanswered.
fn optional(text: String, known: &Option<String>) -> Question<'static> {
    let help = match known {
        Some(_) => text!("request-kept"),
        None => text!("request-optional"),
    };
    Question { text, help, initial: known.clone().unwrap_or_default(), ..Question::default() }
}

fn ask_received(
    dialogue: &mut dyn Prompter,
    known: Option<Date>,
    today: Date,
) -> Result<Date, Unanswered> {
    let question = Question {
        text: text!("request-ask-received"),
        help: text!("request-ask-received-help"),
        default: Some(written_day(known.unwrap_or(today))),
        ..Question::default()
    };
    ask_required(dialogue, question, |text| match parse_date(text)? {
        day if day > today => {
            let (day, today) = (written_day(day), written_day(today));
            Err(text!("request-day-in-future", day, today))
        }
        day => Ok(day),
    })
}

fn ask_channel(dialogue: &mut dyn Prompter, known: Option<Channel>) -> Result<Channel, Unanswered> {
    let options = [
        text!("request-channel-email"),
        text!("request-channel-memo"),
        text!("request-channel-letter"),
        text!("request-channel-form"),
    ];
    let channels = [Channel::Email, Channel::Memo, Channel::Letter, Channel::Form];
    let start = channels.iter().position(|channel| Some(*channel) == known).unwrap_or(0);
    let chosen = dialogue.choose(&text!("request-ask-channel"), &options, start)?;
    Ok(channels.get(chosen).copied().unwrap_or(Channel::Letter))
}
