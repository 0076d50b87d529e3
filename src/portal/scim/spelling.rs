//! Whether a filter finds an address however it is spelt. RFC 7643 section 8.7.1 wants it so for
//! `userName`, and some portals do otherwise whatever their schema says: a mailbox that they spell
//! with capitals would look as if it did not exist.

use std::slice;
use std::sync::atomic::Ordering::Relaxed;

use super::directory::{Directory, Trouble, Which};
use super::query;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::ObservedMailbox;

impl Directory {
    /// Whether a mailbox that the filter did not give, among these that it gave, is not there.
    /// Costs a look at one that is there, by a spelling that nobody uses; once a run.
    pub(super) async fn disregards_case(&self, given: &[ObservedMailbox]) -> Result<bool, Trouble> {
        if self.learnt.any_case.load(Relaxed) {
            return Ok(true);
        }
        let someone = match given.first() {
            Some(given) => given.mailbox.clone(),
            None => match self.first().await? {
                Some(first) => first.mailbox,
                None => return Ok(true),
            },
        };
        let filter = query::filter(self.matcher.address(), slice::from_ref(&someone));
        let odd = filter.replace(someone.as_str(), &oddly_spelt(&someone));
        if odd == filter {
            return Ok(false);
        }
        let which = Which::Filter(&odd, slice::from_ref(&someone));
        let found = self.list(which, &|_, _| {}).await?;
        let any_case = found.mailboxes.iter().any(|it| it.mailbox == someone);
        self.learnt.any_case.store(any_case, Relaxed);
        Ok(any_case)
    }
}

/// Every other letter large: no person and no program writes an address so.
fn oddly_spelt(mailbox: &Mailbox) -> String {
    let mut large = true;
    let spell = |letter: char| {
        large ^= letter.is_ascii_alphabetic();
        match large {
            true => letter.to_ascii_uppercase(),
            false => letter,
        }
    };
    mailbox.as_str().chars().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_spelling_is_like_no_other() {
        let odd = oddly_spelt(&Mailbox::from_portal("a1@Agensi.Example"));
        assert_eq!(odd, "a1@AgEnSi.ExAmPlE");
        assert_eq!(Mailbox::from_portal(&odd).as_str(), "a1@agensi.example");
    }
}
