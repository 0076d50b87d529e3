//! The accounts in the portal that what is typed may mean, the likeliest first.

use crate::domain::observed::{Observed, ObservedMailbox};
use crate::language::Message;
use crate::ops::filing::prompter::ABOUT;
use crate::printer::text;

/// The most suggestions for one text.
const MOST: usize = 30;

/// Suggestions for a part of an address, each with the state of its archive.
pub(super) fn suggest_accounts(typed: &str, roster: Option<&Observed>) -> Vec<String> {
    let Some(roster) = roster else { return Vec::new() };
    find_accounts(typed, roster).into_iter().take(MOST).map(describe).collect()
}

/// The accounts that a part of an address may mean, the likeliest first.
pub(super) fn find_accounts<'a>(typed: &str, roster: &'a Observed) -> Vec<&'a ObservedMailbox> {
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    // A list that is pasted is no part of an address.
    if words.is_empty() || typed.len() > 80 || typed.contains([',', ';', '<', '\n']) {
        return Vec::new();
    }
    let accounts = roster.mailboxes().iter();
    let ranked = accounts.filter_map(|account| Some((rank(account, &words)?, account)));
    let mut found: Vec<_> = ranked.collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, account)| account).collect()
}

/// How far an address is from what is typed; `None` where it has nothing of it. Each word stands in it, or at
/// least its letters in their order.
fn rank(account: &ObservedMailbox, words: &[&str]) -> Option<usize> {
    let address = account.mailbox.as_str();
    words.iter().try_fold(0, |sum, word| {
        let place = match address.find(word) {
            Some(0) => 0,
            Some(at) if address[..at].ends_with(['.', '_', '-', '@']) => 1,
            Some(_) => 2,
            None => 3 + spread(address, word)?,
        };
        Some(sum + place)
    })
}

/// Between how many others the letters of a word stand in a text, in their order.
fn spread(text: &str, word: &str) -> Option<usize> {
    let mut rest = text.split('@').next().unwrap_or(text);
    let whole = rest.len();
    let mut first = None;
    for letter in word.chars() {
        let at = rest.find(letter)?;
        first.get_or_insert(whole - rest.len() + at);
        rest = &rest[at + letter.len_utf8()..];
    }
    let end = whole - rest.len();
    Some((end - first?).saturating_sub(word.len()))
}

fn describe(account: &ObservedMailbox) -> String {
    let state = Message::from_word(account.state.as_str());
    let mut line = format!("{}{ABOUT}{}", account.mailbox, text!("request-archive-state", state));
    let word = account.account.as_str();
    if word != "active" {
        line += &format!("; {}", text!("request-account-state", state = Message::from_word(word)));
    }
    if account.hold {
        line += &format!("; {}", text!("status-hold"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::State;
    use crate::domain::observed::sample_mailbox;

    #[test]
    fn the_likeliest_accounts_come_first() {
        let names =
            ["aisha.siti@agensi.example", "sarimah@agensi.example", "siti.aminah@agensi.example"];
        let accounts = names.map(|name| sample_mailbox(name, name, State::Disabled));
        let roster = Observed::new(accounts.to_vec(), true);
        let find = |typed: &str| -> Vec<String> {
            let found = find_accounts(typed, &roster);
            found.iter().map(|account| account.mailbox.to_string()).collect()
        };
        assert_eq!(find("SITI"), [names[2], names[0]]);
        assert_eq!(find("aminah siti"), [names[2]]);
        // Letters that are left out.
        assert_eq!(find("stamnh"), [names[2]]);
        assert_eq!(find("srmh"), [names[1]]);
        assert!(find("zainab").is_empty() && find("").is_empty() && find("siti, tan").is_empty());
    }
}
