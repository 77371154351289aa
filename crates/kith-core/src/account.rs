//! The tenant's accounts on its channels; each has one role, and an account with none or with several is a fault (demands 2.1, 2.10).

use serde::{Deserialize, Serialize};

use crate::{Channel, Slug};

/// What an account is for: one objective, one audience, one measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountRole {
    /// What it shall achieve: brand, sales, service, research…
    pub objective: String,
    /// For whom it speaks.
    pub audience: String,
    /// The one number by which it is judged.
    pub measure: String,
}

/// An account on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: Slug,
    pub channel: Channel,
    /// The name or number by which the channel knows it.
    pub handle: String,
    /// Every role that somebody has given it. A sound account has exactly one.
    pub roles: Vec<AccountRole>,
}

/// Why an account cannot work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleFault {
    NoRole,
    /// So many roles, with the objectives that pull it apart.
    Conflicting(Vec<String>),
    /// A role with an empty objective, audience or measure.
    Incomplete(&'static str),
}

impl Account {
    /// The one role, or what is wrong.
    pub fn role(&self) -> Result<&AccountRole, RoleFault> {
        match self.roles.as_slice() {
            [] => Err(RoleFault::NoRole),
            [role] => {
                let parts = [("objective", &role.objective), ("audience", &role.audience), ("measure", &role.measure)];
                match parts.into_iter().find(|(_, text)| text.trim().is_empty()) {
                    Some((part, _)) => Err(RoleFault::Incomplete(part)),
                    None => Ok(role),
                }
            }
            roles => Err(RoleFault::Conflicting(roles.iter().map(|role| role.objective.clone()).collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(roles: &[(&str, &str, &str)]) -> Account {
        let roles = roles.iter().map(|(objective, audience, measure)| AccountRole {
            objective: (*objective).to_owned(),
            audience: (*audience).to_owned(),
            measure: (*measure).to_owned(),
        });
        Account {
            id: Slug::parse("a").unwrap(),
            channel: Channel::parse("weibo").unwrap(),
            handle: "x".into(),
            roles: roles.collect(),
        }
    }

    #[test]
    fn an_account_with_one_whole_role_is_sound() {
        assert!(account(&[("service", "customers", "first response time")]).role().is_ok());
    }

    #[test]
    fn an_account_without_a_role_or_with_two_is_a_fault() {
        assert_eq!(account(&[]).role(), Err(RoleFault::NoRole));
        let two = account(&[("sales", "new", "orders"), ("service", "old", "hours")]);
        assert_eq!(two.role(), Err(RoleFault::Conflicting(vec!["sales".into(), "service".into()])));
    }

    #[test]
    fn a_role_without_a_measure_is_no_role() {
        assert_eq!(account(&[("sales", "new", " ")]).role(), Err(RoleFault::Incomplete("measure")));
    }
}
