//! The names of fetches and connections.

/// Names a fetch within a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub u64);

/// Names a transport connection within a client, counted from 1 in the order of opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

impl FetchId {
    /// The first of the names that a client gives to fetches of its own; callers choose smaller ones.
    const FIRST_OF_CLIENT: u64 = 1 << 52;

    /// The `n`th fetch that a client makes on its own account: a refresh in the background.
    pub const fn background(n: u64) -> Self {
        Self(Self::FIRST_OF_CLIENT.saturating_add(n))
    }

    /// Whether a client made this fetch on its own account.
    pub const fn is_background(self) -> bool {
        self.0 >= Self::FIRST_OF_CLIENT
    }
}
