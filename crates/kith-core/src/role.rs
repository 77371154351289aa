//! The roles of those who work with Kith, and what each may do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Permission, Permissions};

/// What somebody is in one tenant. Not the role of an account on a channel: that is [`crate::AccountRole`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers for the business: everything.
    Owner,
    /// Runs the daily work and the team; everything but erasing people and changing other managers.
    Manager,
    /// Plans and publishes; sees figures and contacts, no phone numbers.
    Editor,
    /// Answers customers, so sees who they are.
    Agent,
    /// Computes: figures and rows, no phone numbers.
    Analyst,
}

use Permission as P;

const OWNER: Permissions = Permissions::ALL.without(P::ManageStore);
const MANAGER: Permissions = OWNER.without(P::ErasePerson);
const EDITOR: Permissions = Permissions::of(&[P::ReadFigures, P::ReadContacts, P::Plan, P::Import, P::ShareViews]);
const AGENT: Permissions =
    Permissions::of(&[P::ReadFigures, P::ReadContacts, P::ReadPersonalData, P::DecideContacts, P::AnswerCases, P::RecordConsent]);
const ANALYST: Permissions = Permissions::of(&[P::ReadFigures, P::ReadContacts, P::Export, P::ShareViews]);

impl Role {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Manager, Self::Editor, Self::Agent, Self::Analyst];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Editor => "editor",
            Self::Agent => "agent",
            Self::Analyst => "analyst",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The one table of who may do what.
    #[must_use]
    pub const fn permissions(self) -> Permissions {
        match self {
            Self::Owner => OWNER,
            Self::Manager => MANAGER,
            Self::Editor => EDITOR,
            Self::Agent => AGENT,
            Self::Analyst => ANALYST,
        }
    }

    /// May this role invite, change and remove somebody of the other? An owner everybody; a manager those below; others nobody.
    #[must_use]
    pub const fn may_manage(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => matches!(other, Self::Editor | Self::Agent | Self::Analyst),
            _ => false,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as docs/users-and-roles.md shows it, one letter a role: a change of rights is a change here too.
    const TABLE: [(Permission, &str); 19] = [
        (P::ReadFigures, "omega"),
        (P::ReadContacts, "omega"),
        (P::ReadPersonalData, "om.g."),
        (P::DecideContacts, "om.g."),
        (P::AnswerCases, "om.g."),
        (P::RecordConsent, "om.g."),
        (P::Plan, "ome.."),
        (P::Import, "ome.."),
        (P::WriteTouches, "om..."),
        (P::Export, "om..a"),
        (P::ShareViews, "ome.a"),
        (P::ChangeTenant, "om..."),
        (P::ManageWebhooks, "om..."),
        (P::ManageUsers, "om..."),
        (P::ManageTokens, "om..."),
        (P::ReadAudit, "om..."),
        (P::ExportPerson, "om..."),
        (P::ErasePerson, "o...."),
        (P::ManageStore, "....."),
    ];

    #[test]
    fn each_role_may_do_what_the_table_says_and_no_more() {
        assert_eq!(TABLE.len(), Permission::ALL.len());
        for (permission, letters) in TABLE {
            for (role, letter) in Role::ALL.into_iter().zip(letters.chars()) {
                assert_eq!(role.permissions().contains(permission), letter != '.', "{role} {permission}");
            }
        }
    }

    #[test]
    fn nobody_gives_what_they_do_not_have() {
        for giver in Role::ALL {
            for given in Role::ALL.into_iter().filter(|given| giver.may_manage(*given)) {
                assert!(given.permissions().is_subset_of(giver.permissions()), "{giver} makes somebody {given}");
                assert!(giver.permissions().contains(P::ManageUsers), "{giver} manages {given} and may manage nobody");
            }
        }
    }

    #[test]
    fn a_manager_cannot_touch_an_owner_or_another_manager() {
        assert!(!Role::Manager.may_manage(Role::Owner) && !Role::Manager.may_manage(Role::Manager));
        assert!(Role::ALL.into_iter().all(|other| Role::Owner.may_manage(other)));
    }

    #[test]
    fn whoever_sees_people_in_full_may_see_them_at_all() {
        for role in Role::ALL {
            let may = role.permissions();
            assert!(!may.contains(P::ReadPersonalData) || may.contains(P::ReadContacts), "{role}");
        }
    }

    #[test]
    fn a_role_is_read_back_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
