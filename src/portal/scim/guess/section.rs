//! Puts the policy's section together out of what was chosen, and says what is doubtful in it. Pure.

use super::candidate::*;
use super::{Guess, Meant};
use crate::domain::archive::{Account, State};
use crate::domain::mapping::lexicon;
use crate::domain::mapping::lexicon::Topic;
use crate::domain::mapping::scim::{Address, Attribute, Kind, USER};
use crate::portal::scim::tally::Tally;
use crate::text::excerpt;

/// Puts the guess together.
pub(super) struct Maker<'a> {
    pub(super) tally: &'a Tally,
    pub(super) doubts: Vec<String>,
    pub(super) meanings: Vec<Meant>,
    /// The lines of the section.
    pub(super) rows: Vec<String>,
    pub(super) schema: Option<String>,
    pub(super) is_usable: bool,
}

impl Maker<'_> {
    /// An attribute as the section names it.
    pub(super) fn name(&self, attribute: &Attribute) -> String {
        let own = attribute.schema.as_deref().unwrap_or(USER);
        let name = match &attribute.sub {
            Some(sub) => format!("{}.{sub}", attribute.name),
            None => attribute.name.to_string(),
        };
        match self.schema.as_deref() == Some(own) {
            true => quoted(&name),
            false => quoted(&format!("{own}:{name}")),
        }
    }

    pub(super) fn meant(
        &mut self,
        meaning: &'static str,
        attribute: Option<String>,
        is_sure: bool,
        why: impl Into<String>,
        words: Vec<(String, Option<String>, usize)>,
    ) {
        self.meanings.push(Meant {
            meaning,
            attribute,
            is_sure,
            why: why.into(),
            words,
        });
    }

    pub(super) fn mailbox(&mut self, candidates: &[Candidate<'_>], emails: usize) {
        let users = self.tally.users;
        let name = self
            .tally
            .get(&Attribute::core("userName"))
            .map_or(0, |it| it.addresses);
        // Nine of ten: service accounts have names of their own.
        let most = |count: usize| count * 10 >= users * 9;
        if users == 0 {
            self.doubts.push("the portal has no users yet, so nothing shows where addresses are; userName is taken".to_owned());
            return self.meant(
                "mailbox",
                Some("userName".into()),
                false,
                "where nothing is said",
                Vec::new(),
            );
        }
        let other = candidates
            .iter()
            .filter(|it| it.attribute.schema.is_some() || it.attribute.name.as_ref() != "userName")
            .filter_map(|it| Some((it, it.seen?.addresses)))
            .max_by_key(|(_, count)| *count);
        let of = |count: usize| format!("{count} of {users} are addresses");
        if most(name) || (name > 0 && name >= emails) {
            if !most(name) {
                self.doubts.push(format!("userName: only {}; ask the portal's operator whether the others are accounts without a mailbox", of(name)));
            }
            return self.meant(
                "mailbox",
                Some("userName".into()),
                most(name),
                of(name),
                Vec::new(),
            );
        }
        if emails > 0 {
            self.rows.push("  mailbox: emails".to_owned());
            if !most(emails) {
                self.doubts.push(format!("emails: only {emails} of {users} users have one that is clearly theirs; the others count as having no mailbox"));
            }
            let why = format!(
                "{emails} of {users} users have one, and of userName {}",
                of(name)
            );
            return self.meant(
                "mailbox",
                Some(Address::Emails.to_string()),
                most(emails),
                why,
                Vec::new(),
            );
        }
        match other.filter(|(_, count)| *count > 0) {
            Some((candidate, count)) => {
                let name = self.name(&candidate.attribute);
                self.rows.push(format!("  mailbox: {name}"));
                self.meant(
                    "mailbox",
                    Some(candidate.attribute.to_string()),
                    most(count),
                    of(count),
                    Vec::new(),
                );
            }
            None => {
                self.is_usable = false;
                self.doubts.push("no attribute holds addresses; ask the portal's operator where the address of a mailbox is".to_owned());
                self.meant(
                    "mailbox",
                    None,
                    false,
                    "no attribute holds addresses",
                    Vec::new(),
                );
            }
        }
    }

    pub(super) fn state(&mut self, chosen: Option<&Chosen<'_>>) {
        let Some(chosen) = chosen else {
            self.is_usable = false;
            self.doubts.push("nothing looks like the state of an archive; ask the portal's operator which attribute says whether a mailbox has one, and how it is written".to_owned());
            self.rows.push(
                "  # state: { attribute: …, values: { disabled: […], enabled: […] } }".to_owned(),
            );
            return self.meant(
                "state",
                None,
                false,
                "no attribute speaks of archives",
                Vec::new(),
            );
        };
        let it = chosen.candidate;
        let is_sure = chosen.score >= 6 && it.speaks_of(Topic::Archive) && chosen.rival.is_none();
        self.rival("state", chosen);
        if !it.speaks_of(Topic::Archive) {
            self.is_usable = false;
            self.doubts.push(format!("state: the name of `{}` does not say that it is about archives; ask the portal's operator", it.attribute));
        }
        if it.told.is_some_and(|told| told.is_mutability("readOnly")) {
            self.is_usable = false;
            self.doubts.push(format!("state: `{}` can be read but not written; ask the portal's operator to let arkib write it", it.attribute));
        }
        let kind = it.kind();
        let words = placed(it, |word| lexicon::state(word).map(State::as_str));
        let row = self.valued(
            "state",
            it,
            kind,
            &words,
            &[
                "disabled",
                "enabling",
                "enabled",
                "terminating",
                "terminated",
            ],
        );
        self.rows.extend(row);
        let has = |meaning: &str| {
            words
                .iter()
                .any(|(_, it, _)| it.as_deref() == Some(meaning))
        };
        if kind != Kind::Boolean {
            for (missing, what) in [
                (!has("enabled"), "that there is an archive"),
                (!has("disabled") && !has("terminated"), "that there is none"),
            ] {
                if missing {
                    self.is_usable = false;
                    self.doubts.push(format!("state: no known word of `{}` says {what}; ask the portal's operator for its words, and add the one", it.attribute));
                }
            }
        }
        let why = why(it, "archives");
        self.meant("state", Some(it.attribute.to_string()), is_sure, why, words);
    }

    pub(super) fn hold(&mut self, chosen: Option<&Chosen<'_>>) {
        let Some(chosen) = chosen else {
            self.doubts.push("hold: nothing looks like a legal hold; without it arkib knows of none and terminates archives that are on hold. Ask the portal's operator, or name such mailboxes as `protected`".to_owned());
            return self.meant(
                "hold",
                None,
                false,
                "no attribute speaks of a hold",
                Vec::new(),
            );
        };
        let it = chosen.candidate;
        self.rival("hold", chosen);
        let mut words = placed(it, |word| {
            lexicon::hold(word).map(|held| if *held { "held" } else { "free" })
        });
        let has = |meaning| {
            words
                .iter()
                .any(|(_, it, _)| it.as_deref() == Some(meaning))
        };
        if has("free") && !has("held") && !it.is_boolean() {
            // Any word would do: what is not the word for none counts as held.
            let word = "held, not seen yet";
            self.doubts.push(format!("hold: nobody on hold was seen, so the word for it in `{}` is not known; every word but those for none counts as held", it.attribute));
            words.push((word.to_owned(), Some("held".to_owned()), 0));
        }
        self.optional("hold", chosen, &words, &["held", "free"]);
    }

    pub(super) fn account(&mut self, chosen: Option<&Chosen<'_>>) {
        let Some(chosen) = chosen else {
            return self.meant(
                "account",
                Some("active".into()),
                true,
                "SCIM's own attribute",
                Vec::new(),
            );
        };
        self.rival("account", chosen);
        let words = placed(chosen.candidate, |word| {
            lexicon::account(word).map(|account| match account {
                Account::RequestedToDelete => "requested_to_delete",
                other => other.as_str(),
            })
        });
        self.optional(
            "account",
            chosen,
            &words,
            &["active", "disabled", "requested_to_delete", "deleted"],
        );
    }

    /// A meaning that a mapping can do without, where its words are not enough for it.
    pub(super) fn optional(
        &mut self,
        key: &'static str,
        chosen: &Chosen<'_>,
        words: &[(String, Option<String>, usize)],
        order: &[&str],
    ) {
        let it = chosen.candidate;
        let has = |meaning: &str| {
            words
                .iter()
                .any(|(_, it, _)| it.as_deref() == Some(meaning))
        };
        let needed: &[&str] = if key == "hold" {
            &["held", "free"]
        } else {
            &["active"]
        };
        let missing: Vec<&str> = needed
            .iter()
            .copied()
            .filter(|meaning| !has(meaning))
            .collect();
        let is_enough = it.is_boolean() || missing.is_empty();
        let mut rows = self.valued(key, it, it.kind(), words, order);
        if !is_enough {
            self.is_usable = false;
            self.doubts.push(format!("{key}: no known word of `{}` says {}; ask the portal's operator for its words, add the ones, and take the # away", it.attribute, missing.join(" or ")));
            if let Some(first) = rows.first_mut() {
                *first = format!("  # {}", first.trim_start());
            }
        }
        self.rows.extend(rows);
        let is_sure = is_enough && chosen.rival.is_none();
        let topic = if key == "hold" { "a hold" } else { "accounts" };
        self.meant(
            key,
            Some(it.attribute.to_string()),
            is_sure,
            why(it, topic),
            words.to_vec(),
        );
    }

    pub(super) fn plain(&mut self, key: &'static str, chosen: Option<&Chosen<'_>>) {
        let Some(chosen) = chosen else {
            let why = match key {
                "request" => {
                    "no attribute that can be written speaks of requests; the records alone tell which one it was"
                }
                "changed_at" => "no attribute with dates speaks of changes",
                _ => "no attribute with dates speaks of how long archives are kept",
            };
            return self.meant(key, None, true, why, Vec::new());
        };
        let it = chosen.candidate;
        self.rival(key, chosen);
        if key == "request" {
            self.doubts.push(format!("request: arkib writes the id of its request into `{}`; ask the portal's operator whether that is what it is for, or take the line away", it.attribute));
        }
        let topic = match key {
            "request" => "requests",
            "changed_at" => "changes, and it holds dates",
            _ => "how long something is kept, and it holds dates",
        };
        let name = self.name(&it.attribute);
        self.rows.push(format!("  {key}: {name}"));
        self.meant(
            key,
            Some(it.attribute.to_string()),
            chosen.rival.is_none(),
            why(it, topic),
            Vec::new(),
        );
    }

    pub(super) fn rival(&mut self, key: &str, chosen: &Chosen<'_>) {
        if let Some(rival) = &chosen.rival {
            self.doubts.push(format!("{key}: as much speaks for `{rival}` as for `{}`; ask the portal's operator which it is", chosen.candidate.attribute));
            self.is_usable &= key != "state";
        }
    }

    /// A row of an attribute with its words, and a comment for each word that has no place.
    pub(super) fn valued(
        &mut self,
        key: &'static str,
        it: &Candidate<'_>,
        kind: Kind,
        words: &[(String, Option<String>, usize)],
        order: &[&str],
    ) -> Vec<String> {
        let name = self.name(&it.attribute);
        let mut row = format!("  {key}: {{ attribute: {name}");
        if key == "state" && kind != Kind::String {
            row.push_str(&format!(", type: {}", kind.as_str()));
        }
        if kind != Kind::Boolean {
            let each: Vec<String> = order
                .iter()
                .filter_map(|meaning| {
                    let with = words
                        .iter()
                        .filter(|(_, it, _)| it.as_deref() == Some(meaning));
                    let with: Vec<String> = with.map(|(word, ..)| quoted(word)).collect();
                    (!with.is_empty()).then(|| format!("{meaning}: [{}]", with.join(", ")))
                })
                .collect();
            row.push_str(&format!(", values: {{ {} }}", each.join(", ")));
        }
        row.push_str(" }");
        let mut rows = vec![row];
        for (word, _, count) in words.iter().filter(|(_, meaning, _)| meaning.is_none()) {
            let word = excerpt(word, 60);
            rows.push(format!(
                "  # {key}: arkib does not know the word \"{word}\" ({}); put it where it belongs",
                users(*count)
            ));
            let left = match key {
                "hold" => "such a mailbox counts as held",
                _ => "such a mailbox is left alone",
            };
            self.doubts.push(format!("{key}: arkib does not know the word \"{word}\" of `{}` ({}); until it has a place in `values`, {left}", it.attribute, users(*count)));
        }
        rows
    }

    pub(super) fn finish(self) -> Guess {
        let mut section = "portal: scim\nmapping:\n".to_owned();
        if let Some(schema) = &self.schema {
            section.push_str(&format!("  schema: {}\n", quoted(schema)));
        }
        for row in &self.rows {
            section.push_str(row);
            section.push('\n');
        }
        Guess {
            meanings: self.meanings,
            section,
            doubts: self.doubts,
            is_usable: self.is_usable,
        }
    }
}

pub(super) fn users(count: usize) -> String {
    match count {
        0 => "among its canonical values".to_owned(),
        1 => "1 user".to_owned(),
        _ => format!("{count} users"),
    }
}

/// Every word of an attribute with what it means. One that cannot stand in a policy has no meaning.
pub(super) fn placed(
    it: &Candidate<'_>,
    meaning: impl Fn(&str) -> Option<&'static str>,
) -> Vec<(String, Option<String>, usize)> {
    let each = it.words().into_iter();
    each.map(|(word, count)| {
        let known = meaning(&word).filter(|_| can_stand(&word));
        (word, known.map(str::to_owned), count)
    })
    .collect()
}

/// Whether a word can be written in a policy as it is.
pub(super) fn can_stand(word: &str) -> bool {
    !word.chars().any(crate::text::is_unsafe) && word.chars().count() <= 100
}

pub(super) fn why(it: &Candidate<'_>, topic: &str) -> String {
    let kind = it
        .told
        .and_then(|told| told.kind.as_deref())
        .map(|kind| format!(", {}", excerpt(kind, 40)));
    format!("its name speaks of {topic}{}", kind.unwrap_or_default())
}

/// A text as YAML takes it for one and nothing else.
pub(super) fn quoted(text: &str) -> String {
    let reserved = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let is_plain = text.chars().next().is_some_and(char::is_alphabetic)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || " -_.:/".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !reserved.iter().any(|it| text.eq_ignore_ascii_case(it));
    if is_plain {
        return text.to_owned();
    }
    match text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => format!("\"{text}\""),
    }
}
