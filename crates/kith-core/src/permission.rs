//! What somebody may do, and sets of it.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One thing that a role allows or an API token is made for. The name stands in the API and in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Today, questions, reports, posts, campaigns: figures without people.
    ReadFigures,
    /// Contacts and timelines; phones, e-mail and other addresses only in part.
    ReadContacts,
    /// The same in full.
    ReadPersonalData,
    /// Say who is one person, and what of this morning is done.
    DecideContacts,
    AnswerCases,
    RecordConsent,
    /// Campaigns, placements, brands, accounts and their roles.
    Plan,
    /// Imports and mappings; taking an import back and bringing it again.
    Import,
    /// Touches by call.
    WriteTouches,
    /// Rows as they lie in the lake: SQL, CSV and Parquet.
    Export,
    /// Show a saved view to everybody of the tenant.
    ShareViews,
    /// The tenant's settings, purposes of consent, retention.
    ChangeTenant,
    ManageWebhooks,
    /// Invite and change those of a lower role.
    ManageUsers,
    /// API tokens, with permissions of one's own.
    ManageTokens,
    ReadAudit,
    /// Give a person what is known of them.
    ExportPerson,
    /// Erase what is known of a person.
    ErasePerson,
    /// What reaches beyond a tenant: backup, doctor, new tenants. No role has it, only an operator of the store.
    ManageStore,
}

impl Permission {
    pub const ALL: [Self; 19] = [
        Self::ReadFigures,
        Self::ReadContacts,
        Self::ReadPersonalData,
        Self::DecideContacts,
        Self::AnswerCases,
        Self::RecordConsent,
        Self::Plan,
        Self::Import,
        Self::WriteTouches,
        Self::Export,
        Self::ShareViews,
        Self::ChangeTenant,
        Self::ManageWebhooks,
        Self::ManageUsers,
        Self::ManageTokens,
        Self::ReadAudit,
        Self::ExportPerson,
        Self::ErasePerson,
        Self::ManageStore,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadFigures => "figures.read",
            Self::ReadContacts => "contacts.read",
            Self::ReadPersonalData => "contacts.personal",
            Self::DecideContacts => "contacts.decide",
            Self::AnswerCases => "cases.answer",
            Self::RecordConsent => "consent.write",
            Self::Plan => "plan.write",
            Self::Import => "import",
            Self::WriteTouches => "touches.write",
            Self::Export => "export",
            Self::ShareViews => "views.share",
            Self::ChangeTenant => "tenant.write",
            Self::ManageWebhooks => "webhooks.manage",
            Self::ManageUsers => "users.manage",
            Self::ManageTokens => "tokens.manage",
            Self::ReadAudit => "audit.read",
            Self::ExportPerson => "person.export",
            Self::ErasePerson => "person.erase",
            Self::ManageStore => "store.manage",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text)
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not a permission")))
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u32);

impl Permissions {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self((1 << Permission::ALL.len()) - 1);

    /// Those of a list, for tables that are written out.
    #[must_use]
    pub const fn of(list: &[Permission]) -> Self {
        let (mut bits, mut n) = (0, 0);
        while n < list.len() {
            bits |= list[n].bit();
            n += 1;
        }
        Self(bits)
    }

    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & other.0 == self.0
    }

    /// What both allow.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | permission.bit())
    }

    #[must_use]
    pub const fn without(self, permission: Permission) -> Self {
        Self(self.0 & !permission.bit())
    }

    /// In the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }

    /// Reads what [`fmt::Display`] wrote: names with blanks between them. The first word that is no permission is the error.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split_whitespace().map(|word| Permission::parse(word).ok_or_else(|| word.to_owned())).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(list: I) -> Self {
        list.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, permission) in self.iter().enumerate() {
            write!(f, "{}{permission}", if n == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permissions({self})")
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_set() -> impl Strategy<Value = Permissions> {
        (0..=Permissions::ALL.0).prop_map(Permissions)
    }

    #[test]
    fn every_permission_has_a_name_and_a_place_of_its_own() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(permission));
            assert!(!Permissions::ALL.without(permission).contains(permission));
        }
        assert_eq!(Permissions::ALL.iter().count(), Permission::ALL.len());
        assert_eq!(Permissions::of(&Permission::ALL), Permissions::ALL);
    }

    #[test]
    fn a_word_that_is_no_permission_is_named() {
        assert_eq!(Permissions::parse("figures.read everything"), Err("everything".to_owned()));
        assert!(serde_json::from_str::<Permissions>("[\"everything\"]").is_err());
    }

    proptest! {
        #[test]
        fn a_set_survives_being_written(set in any_set()) {
            prop_assert_eq!(Permissions::parse(&set.to_string()), Ok(set));
            let json = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(serde_json::from_str::<Permissions>(&json).unwrap(), set);
        }

        #[test]
        fn what_two_sets_allow_both_allow(one in any_set(), other in any_set()) {
            let both = one.and(other);
            prop_assert!(both.is_subset_of(one) && both.is_subset_of(other));
            for permission in Permission::ALL {
                prop_assert_eq!(both.contains(permission), one.contains(permission) && other.contains(permission));
            }
        }
    }
}
