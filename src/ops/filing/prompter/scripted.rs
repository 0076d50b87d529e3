//! Someone with prepared answers.

use super::Prompter;

/// Gives the answers in order, and keeps all texts.
pub(crate) struct Scripted<'a> {
    pub(crate) answers: std::slice::Iter<'a, &'static str>,
    pub(crate) said: String,
}

impl<'a> Scripted<'a> {
    pub(crate) fn new(answers: &'a [&'static str]) -> Self {
        Self { answers: answers.iter(), said: String::new() }
    }
}

impl Prompter for Scripted<'_> {
    fn ask(&mut self, question: &str) -> Option<String> {
        let answer = self.answers.next();
        self.said.push_str(&format!("{question}{}\n", answer.unwrap_or(&"^D")));
        answer.map(|text| (*text).to_owned())
    }

    fn say(&mut self, text: &str) {
        self.said.push_str(text);
        self.said.push('\n');
    }
}
