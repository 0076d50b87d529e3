//! Which attributes of a portal arkib would use for what, and why: by their names, their types and
//! the words that occur in them. A person confirms it; what is doubtful is said. Pure.

use super::schemas::{Schema, Told};
use super::tally::{MOST_WORDS, Tally, Values};
use crate::mapping::lexicon::{self, Topic, topics};
use crate::mapping::scim::{Address, Attribute, Kind, USER};
use crate::observed::{Account, State};
use crate::visible::excerpt;

/// What arkib would use for one meaning.
#[derive(Debug, Clone)]
pub struct Meant {
    /// The meaning, as the policy's key.
    pub meaning: &'static str,
    /// The attribute; none where there is none to be found.
    pub attribute: Option<String>,
    /// Whether little speaks against it.
    pub is_sure: bool,
    /// Why.
    pub why: String,
    /// The words that occur, each with what it means, where that is known, and how many users have it.
    pub words: Vec<(String, Option<String>, usize)>,
}

/// What arkib would make of a portal.
#[derive(Debug, Clone)]
pub struct Guess {
    /// Each meaning, in the order of the policy's keys.
    pub meanings: Vec<Meant>,
    /// The policy's section, as text.
    pub section: String,
    /// What is missing or doubtful, and whom to ask.
    pub doubts: Vec<String>,
    /// Whether the section can be used as it is.
    pub is_usable: bool,
}

/// An attribute that may mean something.
struct Candidate<'a> {
    attribute: Attribute,
    told: Option<&'a Told>,
    seen: Option<&'a Values>,
    topics: Vec<Topic>,
}

/// A candidate that was chosen, and how much speaks for it.
struct Chosen<'a> {
    candidate: &'a Candidate<'a>,
    score: i32,
    /// Another one for which as much speaks.
    rival: Option<String>,
}

/// Looks through the schemas, those of other things than users left out, and what users have.
pub(super) fn guess(schemas: &[&Schema], tally: &Tally, emails: usize) -> Guess {
    let candidates = candidates(schemas, tally);
    let mut maker = Maker {
        tally,
        doubts: Vec::new(),
        meanings: Vec::new(),
        rows: Vec::new(),
        schema: None,
        is_usable: true,
    };
    let state = choose(&candidates, 4, state_score);
    maker.schema = state
        .as_ref()
        .and_then(|chosen| chosen.candidate.attribute.schema.as_deref())
        .or_else(|| {
            candidates
                .iter()
                .find_map(|it| it.attribute.schema.as_deref())
        })
        .map(str::to_owned);
    maker.mailbox(&candidates, emails);
    maker.state(state.as_ref());
    maker.hold(choose(&candidates, 5, hold_score).as_ref());
    maker.account(choose(&candidates, 5, account_score).as_ref());
    for (key, score) in [
        ("request", request_score as fn(&Candidate<'_>) -> i32),
        ("changed_at", changed_score),
        ("recoverable_until", until_score),
    ] {
        maker.plain(key, choose(&candidates, 5, score).as_ref());
    }
    maker.finish()
}

fn candidates<'a>(schemas: &[&'a Schema], tally: &'a Tally) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    let mut add = |attribute: Attribute, told: Option<&'a Told>| {
        if found.iter().any(|it| {
            it.attribute
                .to_string()
                .eq_ignore_ascii_case(&attribute.to_string())
        }) {
            return;
        }
        let name = match &attribute.sub {
            Some(sub) => format!("{}_{sub}", attribute.name),
            None => attribute.name.to_string(),
        };
        let seen = tally.get(&attribute);
        let topics = topics(&name);
        found.push(Candidate {
            attribute,
            told,
            seen,
            topics,
        });
    };
    for schema in schemas {
        for told in schema
            .attributes
            .iter()
            .flatten()
            .filter(|told| !told.multi_valued)
        {
            if let Ok(attribute) = Attribute::parse(&told.name, Some(&schema.id)) {
                if told.parts.is_empty() {
                    add(attribute, Some(told));
                    continue;
                }
                for part in told.parts.iter().filter(|part| !part.multi_valued) {
                    let name = format!("{}.{}", told.name, part.name);
                    if let Ok(attribute) = Attribute::parse(&name, Some(&schema.id)) {
                        add(attribute, Some(part));
                    }
                }
            }
        }
    }
    for (attribute, values) in tally.attributes.values() {
        if values.lists == 0 {
            add(attribute.clone(), None);
        }
    }
    found
}

fn choose<'a>(
    candidates: &'a [Candidate<'a>],
    least: i32,
    score: fn(&Candidate<'_>) -> i32,
) -> Option<Chosen<'a>> {
    let mut best: Option<Chosen<'a>> = None;
    for candidate in candidates {
        let score = score(candidate);
        match &mut best {
            _ if score < least => {}
            Some(known) if known.score > score => {}
            Some(known) if known.score == score => {
                known.rival = Some(candidate.attribute.to_string());
            }
            _ => {
                best = Some(Chosen {
                    candidate,
                    score,
                    rival: None,
                })
            }
        }
    }
    best
}

impl Candidate<'_> {
    fn speaks_of(&self, topic: Topic) -> bool {
        self.topics.contains(&topic)
    }

    fn speaks_of_any(&self, topics: &[Topic]) -> bool {
        topics.iter().any(|topic| self.speaks_of(*topic))
    }

    /// Whether it could hold a few words, a boolean or a number.
    fn holds_words(&self) -> bool {
        let kinds = ["string", "boolean", "integer", "reference"];
        let told = self
            .told
            .is_none_or(|told| told.is_any(&kinds) && !is_hidden(told));
        let seen = self.seen.is_none_or(|seen| {
            let is_personal = seen.words.keys().any(|word| word.contains('@'));
            !is_personal && seen.dates == 0 && seen.lists == 0 && seen.words.len() <= MOST_WORDS
        });
        told && seen
    }

    fn holds_dates(&self) -> bool {
        let seen = self.seen.filter(|seen| seen.users > 0);
        match (self.told, seen) {
            (Some(told), None) => told.is_any(&["dateTime"]) && told.kind.is_some(),
            (told, Some(seen)) => {
                seen.dates == seen.users
                    && told.is_none_or(|told| told.is_any(&["dateTime", "string"]))
            }
            (None, None) => false,
        }
    }

    fn holds_text(&self) -> bool {
        let told = self
            .told
            .is_none_or(|told| told.is_any(&["string", "reference"]) && !is_hidden(told));
        let seen = self.seen.is_none_or(|seen| {
            seen.addresses == 0
                && seen.dates == 0
                && seen.lists == 0
                && seen.booleans == 0
                && seen.numbers == 0
        });
        told && seen
    }

    /// The words that occur or may occur, the most frequent first; upper and lower case are one.
    fn words(&self) -> Vec<(String, usize)> {
        let seen = self.seen.iter().flat_map(|seen| &seen.words);
        let mut seen: Vec<(&str, usize)> = seen.map(|(word, count)| (&**word, *count)).collect();
        seen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let told = self.told.iter().flat_map(|told| &told.canonical);
        let told = told.map(|word| (word.trim(), 0)).take(4 * MOST_WORDS);
        let mut words: Vec<(String, usize)> = Vec::new();
        for (word, count) in seen.into_iter().chain(told) {
            let folded = word.to_lowercase();
            match words.iter_mut().find(|(it, _)| it.to_lowercase() == folded) {
                Some((_, known)) => *known += count,
                None if word.is_empty() => {}
                None => words.push((word.to_owned(), count)),
            }
        }
        words
    }

    /// 3 where every word is known, 1 where some are, -4 where there are words and none is known.
    fn known(&self, is_known: impl Fn(&str) -> bool) -> i32 {
        let words = self.words();
        let known = words.iter().filter(|(word, _)| is_known(word)).count();
        match (known, words.len()) {
            (_, 0) => 0,
            (0, _) => -4,
            (known, all) if known == all => 3,
            _ => 1,
        }
    }

    fn is_boolean(&self) -> bool {
        match self.told.and_then(|told| told.kind.as_deref()) {
            Some(kind) => kind.eq_ignore_ascii_case("boolean"),
            None => self
                .seen
                .is_some_and(|seen| seen.users > 0 && seen.booleans == seen.users),
        }
    }

    fn kind(&self) -> Kind {
        let is_integer = match self.told.and_then(|told| told.kind.as_deref()) {
            Some(kind) => kind.eq_ignore_ascii_case("integer"),
            None => self
                .seen
                .is_some_and(|seen| seen.users > 0 && seen.numbers == seen.users),
        };
        match (self.is_boolean(), is_integer) {
            (true, _) => Kind::Boolean,
            (_, true) => Kind::Integer,
            _ => Kind::String,
        }
    }
}

fn is_hidden(told: &Told) -> bool {
    let never = told
        .returned
        .as_deref()
        .is_some_and(|it| it.eq_ignore_ascii_case("never"));
    never || told.is_mutability("writeOnly")
}

const NO_STATE: &[Topic] = &[
    Topic::Hold,
    Topic::Account,
    Topic::Request,
    Topic::Change,
    Topic::Until,
    Topic::Date,
    Topic::Other,
];

fn state_score(it: &Candidate<'_>) -> i32 {
    if !it.holds_words() || it.speaks_of_any(NO_STATE) {
        return 0;
    }
    let archive = it.speaks_of(Topic::Archive);
    let points = |topic, points| if it.speaks_of(topic) { points } else { 0 };
    let name = points(Topic::Archive, 6) + points(Topic::Status, 2) + points(Topic::Mailbox, 1);
    if name == 0 {
        return 0;
    }
    name + it.known(|word| lexicon::state(word).is_some()) + i32::from(archive && it.is_boolean())
}

fn hold_score(it: &Candidate<'_>) -> i32 {
    let other = [
        Topic::Request,
        Topic::Change,
        Topic::Until,
        Topic::Date,
        Topic::Other,
    ];
    if !it.speaks_of(Topic::Hold) || !it.holds_words() || it.speaks_of_any(&other) {
        return 0;
    }
    6 + it.known(|word| lexicon::hold(word).is_some())
}

fn account_score(it: &Candidate<'_>) -> i32 {
    let other = [
        Topic::Archive,
        Topic::Hold,
        Topic::Request,
        Topic::Change,
        Topic::Until,
        Topic::Date,
        Topic::Other,
    ];
    if !it.speaks_of(Topic::Account) || !it.holds_words() || it.speaks_of_any(&other) {
        return 0;
    }
    let status = i32::from(it.speaks_of(Topic::Status));
    5 + status + it.known(|word| lexicon::account(word).is_some())
}

fn request_score(it: &Candidate<'_>) -> i32 {
    let other = [
        Topic::Status,
        Topic::Hold,
        Topic::Change,
        Topic::Until,
        Topic::Date,
    ];
    let writable = it.told.is_none_or(|told| !told.is_mutability("readOnly"));
    if !it.speaks_of(Topic::Request) || !it.holds_text() || it.speaks_of_any(&other) || !writable {
        return 0;
    }
    5 + i32::from(it.speaks_of(Topic::Archive)) + i32::from(it.attribute.schema.is_some())
}

fn changed_score(it: &Candidate<'_>) -> i32 {
    if !it.speaks_of(Topic::Change) || !it.holds_dates() || it.speaks_of(Topic::Account) {
        return 0;
    }
    5 + i32::from(it.speaks_of(Topic::Archive)) + i32::from(it.attribute.schema.is_some())
}

fn until_score(it: &Candidate<'_>) -> i32 {
    let other = [Topic::Account, Topic::Hold];
    if !it.speaks_of(Topic::Until) || !it.holds_dates() || it.speaks_of_any(&other) {
        return 0;
    }
    5 + i32::from(it.speaks_of(Topic::Archive)) + i32::from(it.attribute.schema.is_some())
}

/// Puts the guess together.
struct Maker<'a> {
    tally: &'a Tally,
    doubts: Vec<String>,
    meanings: Vec<Meant>,
    /// The lines of the section.
    rows: Vec<String>,
    schema: Option<String>,
    is_usable: bool,
}

impl Maker<'_> {
    /// An attribute as the section names it.
    fn name(&self, attribute: &Attribute) -> String {
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

    fn meant(
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

    fn mailbox(&mut self, candidates: &[Candidate<'_>], emails: usize) {
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

    fn state(&mut self, chosen: Option<&Chosen<'_>>) {
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

    fn hold(&mut self, chosen: Option<&Chosen<'_>>) {
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
        let words = placed(it, |word| {
            lexicon::hold(word).map(|held| if *held { "held" } else { "free" })
        });
        self.optional("hold", chosen, &words, &["held", "free"]);
    }

    fn account(&mut self, chosen: Option<&Chosen<'_>>) {
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
    fn optional(
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

    fn plain(&mut self, key: &'static str, chosen: Option<&Chosen<'_>>) {
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

    fn rival(&mut self, key: &str, chosen: &Chosen<'_>) {
        if let Some(rival) = &chosen.rival {
            self.doubts.push(format!("{key}: as much speaks for `{rival}` as for `{}`; ask the portal's operator which it is", chosen.candidate.attribute));
            self.is_usable &= key != "state";
        }
    }

    /// A row of an attribute with its words, and a comment for each word that has no place.
    fn valued(
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

    fn finish(self) -> Guess {
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

fn users(count: usize) -> String {
    match count {
        0 => "among its canonical values".to_owned(),
        1 => "1 user".to_owned(),
        _ => format!("{count} users"),
    }
}

/// Every word of an attribute with what it means. One that cannot stand in a policy has no meaning.
fn placed(
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
fn can_stand(word: &str) -> bool {
    !word.chars().any(crate::visible::is_unsafe) && word.chars().count() <= 100
}

fn why(it: &Candidate<'_>, topic: &str) -> String {
    let kind = it
        .told
        .and_then(|told| told.kind.as_deref())
        .map(|kind| format!(", {}", excerpt(kind, 40)));
    format!("its name speaks of {topic}{}", kind.unwrap_or_default())
}

/// A text as YAML takes it for one and nothing else.
fn quoted(text: &str) -> String {
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
