//! Who takes part: made by the server's own commands, as an admin makes them.

/// Everybody's, in a run.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody who can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What they sign in with.
    pub login: &'static str,
    /// What colleagues and customers read.
    pub name: &'static str,
}

impl Account {
    /// Answers customers in these stories.
    pub const ANA: Self = Self { login: "ana", name: "Ana Lund" };
    /// Her colleague.
    pub const BO: Self = Self { login: "bo", name: "Bo Dahl" };
    /// Set the workspace up.
    pub const KARI: Self = Self { login: "kari", name: "Kari Vik" };
    /// Another colleague.
    pub const EVA: Self = Self { login: "eva", name: "Eva Moe" };
    /// A client, by their address in the contact list.
    pub const KIM: Self = Self { login: "kim@berg.example", name: "Kim Berg" };
}
