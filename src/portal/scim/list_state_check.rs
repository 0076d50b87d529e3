//! Users read individually, to see whether the list leaves something out of them. Sends nothing but GET.

use super::patch::user_path;
use super::read_session::ReadSession;
use super::user;
use crate::domain::observed::ObservedMailbox;
use crate::portal::{Doing, ErrorKind, PortalError};

/// So many are read.
const SAMPLE: usize = 3;

impl ReadSession {
    /// Where nobody in a list says what the state of the archive is, some are read individually.
    ///
    /// # Errors
    /// Where one of them says it then. What cannot be read shows nothing.
    pub(super) async fn check_list_shows_state(
        &self,
        listed: &[ObservedMailbox],
    ) -> Result<(), PortalError> {
        if self.lock_quirks().lists_state {
            return Ok(());
        }
        for mailbox in listed.iter().take(SAMPLE) {
            let path = user_path(&mailbox.id, Doing::ReadingOne)?;
            let Ok(answer) =
                self.http.get(&path, &self.matcher.single_query(), Doing::ReadingOne).await
            else {
                break;
            };
            if user::decode(&answer.body, &self.matcher).is_ok_and(|user| user.shown.state) {
                let state = &self.matcher.mapping.state.attribute;
                return Err(PortalError::new(
                    ErrorKind::Inconsistent,
                    Doing::Listing,
                    format!(
                        "no mailbox in the portal's list has the attribute `{state}`, but one that is read individually has it"
                    ),
                    "nothing was changed, because every archive would look as if it did not exist; ask the portal's operator to return the attribute in lists, too (RFC 7643 section 7: `returned`: `default`)",
                ));
            }
        }
        Ok(())
    }
}
