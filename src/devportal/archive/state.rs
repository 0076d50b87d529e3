//! The words for the state of an archive and of an account. Pure; may not know which follows which.

/// The extension's `state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Disabled,
    Enabling,
    Enabled,
    Terminating,
    Terminated,
}

/// The extension's `account`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    Active,
    Disabled,
    RequestedToDelete,
    Deleted,
}

impl State {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::Disabled,
        Self::Enabling,
        Self::Enabled,
        Self::Terminating,
        Self::Terminated,
    ];

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabling => "enabling",
            Self::Enabled => "enabled",
            Self::Terminating => "terminating",
            Self::Terminated => "terminated",
        }
    }

    /// Whether the portal is at work on it.
    pub(crate) fn is_settling(self) -> bool {
        matches!(self, Self::Enabling | Self::Terminating)
    }
}

impl Account {
    const ALL: [Self; 4] = [
        Self::Active,
        Self::Disabled,
        Self::RequestedToDelete,
        Self::Deleted,
    ];

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|account| account.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::RequestedToDelete => "requested-to-delete",
            Self::Deleted => "deleted",
        }
    }
}
