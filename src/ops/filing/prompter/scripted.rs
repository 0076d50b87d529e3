//! Someone with prepared answers.

use super::{Check, Prompter, Question, Unanswered};

/// The answer that goes back to the question before.
pub(crate) const ESC: &str = "\u{1b}";

/// Gives the answers in order, and keeps all texts. A choice is answered with a part of its text.
pub(crate) struct Scripted<'a> {
    pub(crate) answers: std::slice::Iter<'a, &'static str>,
    pub(crate) said: String,
}

impl<'a> Scripted<'a> {
    pub(crate) fn new(answers: &'a [&'static str]) -> Self {
        Self { answers: answers.iter(), said: String::new() }
    }

    /// The next answer to a question.
    fn answer(&mut self, question: &str) -> Result<&'static str, Unanswered> {
        let answer = self.answers.next();
        self.say(&format!("{question} {}", answer.unwrap_or(&"^C").replace(ESC, "Esc")));
        match answer {
            None => Err(Unanswered::Stopped),
            Some(&ESC) => Err(Unanswered::Back),
            Some(answer) => Ok(answer),
        }
    }
}

impl Prompter for Scripted<'_> {
    fn ask(&mut self, question: &Question<'_>, check: Check<'_>) -> Result<String, Unanswered> {
        loop {
            let answer = match (self.answer(&question.text)?, &question.default) {
                ("", Some(default)) => default.clone(),
                (answer, _) => answer.to_owned(),
            };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => self.say(&format!("! {why}")),
            }
        }
    }

    fn choose(
        &mut self,
        question: &str,
        options: &[String],
        start: usize,
    ) -> Result<usize, Unanswered> {
        loop {
            options.iter().for_each(|option| self.say(&format!("  {option}")));
            match self.answer(question)? {
                "" => return Ok(start),
                answer => {
                    if let Some(found) = options.iter().position(|text| text.contains(answer)) {
                        return Ok(found);
                    }
                }
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.said.push_str(text);
        self.said.push('\n');
    }
}
