//! Words of SCIM as enums: any that serde reads, and the words for the state of an archive, the state
//! of an account and the actor of a change. May not know which state may follow which.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use serde::de::{self, DeserializeOwned, IntoDeserializer};

/// The variant that a word in any case stands for, by the names that serde gives them.
pub(crate) fn word_to_enum<W: DeserializeOwned>(word: &str) -> Option<W> {
    let word = word.to_ascii_lowercase();
    W::deserialize(IntoDeserializer::<de::value::Error>::into_deserializer(word)).ok()
}

/// An enum that is a list of words.
macro_rules! stored_words {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name {
            $($(#[$note])* $variant,)+
        }

        impl $name {
            pub(crate) fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
            }
        }
    };
}

stored_words! {
    /// The extension's `state`.
    #[derive(Default)]
    State {
        #[default]
        Disabled = "disabled",
        Enabling = "enabling",
        Enabled = "enabled",
        Terminating = "terminating",
        Terminated = "terminated",
    }
}

stored_words! {
    /// The extension's `account`.
    Account {
        Active = "active",
        Disabled = "disabled",
        RequestedToDelete = "requested-to-delete",
        Deleted = "deleted",
    }
}

stored_words! {
    /// Who made a change, in the audit trail.
    Actor {
        Client = "client",
        Portal = "portal",
    }
}

impl State {
    /// Whether the portal is still working on it.
    pub(crate) fn is_settling(self) -> bool {
        matches!(self, Self::Enabling | Self::Terminating)
    }
}
