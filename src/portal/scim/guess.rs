//! Which attributes of a portal arkib would use for what, and why: by their names, their types and
//! the words that occur in them. A person confirms it; what is doubtful is said. Pure.

mod candidate;
mod section;

use candidate::*;
use section::Maker;

use super::schemas::Schema;
use super::tally::Tally;

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
