//! Words of files, portals and programs as messages. Pure.

use super::Message;

impl Message {
    /// A word of a request file, the portal or an output, as people read it; one that is not known stays.
    pub fn from_word(word: &str) -> Self {
        match word {
            "enable" => message!("word-enable"),
            "terminate" => message!("word-terminate"),
            "withdraw" => message!("word-withdraw"),
            "enabled" => message!("word-enabled"),
            "enabling" => message!("word-enabling"),
            "disabled" => message!("word-disabled"),
            "terminated" => message!("word-terminated"),
            "terminating" => message!("word-terminating"),
            "pending" => message!("word-pending"),
            "scheduled" => message!("word-scheduled"),
            "decides" => message!("word-decides"),
            "superseded" => message!("word-superseded"),
            "withdrawn" => message!("word-withdrawn"),
            "in-effect" => message!("word-in-effect"),
            "active" => message!("word-active"),
            "deleted" => message!("word-deleted"),
            "requested-to-delete" => message!("word-requested-to-delete"),
            "email" => message!("word-email"),
            "memo" => message!("word-memo"),
            "letter" => message!("word-letter"),
            "form" => message!("word-form"),
            "sent" => message!("word-sent"),
            "printed" => message!("word-printed"),
            "refused" => message!("word-refused"),
            "deferred" => message!("word-deferred"),
            "unknown" => message!("word-unknown"),
            "failed" => message!("word-failed"),
            "skipped" => message!("word-skipped"),
            "request" => message!("word-request"),
            "drift" => message!("word-drift"),
            "error" => message!("word-error"),
            "warning" => message!("word-warning"),
            other => Self::verbatim(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_word_of_the_catalogues_is_found_and_stays_itself_in_english() {
        for (language, source) in [
            (Language::Malay, include_str!("ms/word.ftl")),
            (Language::English, include_str!("en/word.ftl")),
        ] {
            for line in source.lines().filter_map(|line| line.strip_prefix("word-")) {
                let (word, text) = line.split_once(" = ").expect("a message on one line");
                assert_eq!(Message::from_word(word).render(language), text);
                assert_eq!(Message::from_word(word).in_english(), word);
            }
        }
        assert_eq!(Message::from_word("tidur").render(Language::Malay), "tidur");
    }
}
