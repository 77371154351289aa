//! The tenant's accounts on its channels, with every role that somebody has given them.

use kith_core::{Account, AccountRole, Channel, Slug, TenantId};

use crate::sql::args;
use crate::{Journal, JournalError};

impl Journal {
    /// Adds an account with its roles, or changes all but its id.
    pub async fn put_account(&self, tenant: &TenantId, account: &Account) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let id = account.id.as_str();
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO accounts (tenant, id, channel, handle) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, id) DO UPDATE SET channel = excluded.channel, handle = excluded.handle";
        tx.execute(sql, args![tenant, id, account.channel.as_str(), &account.handle]).await?;
        tx.execute("DELETE FROM account_roles WHERE tenant = $1 AND account = $2", args![tenant, id]).await?;
        for (n, role) in (0_i64..).zip(&account.roles) {
            let sql =
                "INSERT INTO account_roles (tenant, account, n, objective, audience, measure) VALUES ($1, $2, $3, $4, $5, $6)";
            tx.execute(sql, args![tenant, id, n, &role.objective, &role.audience, &role.measure]).await?;
        }
        tx.commit().await
    }

    /// All accounts of a tenant, by id.
    pub async fn accounts(&self, tenant: &TenantId) -> Result<Vec<Account>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin_read().await?;
        let wrong = |what: String| JournalError::Unreadable { table: "accounts", what };
        let sql = "SELECT id, channel, handle FROM accounts WHERE tenant = $1 ORDER BY id";
        let mut accounts = tx
            .rows(sql, args![tenant], |row| {
                Ok(Account {
                    id: Slug::parse(&row.text(0)?).map_err(|error| wrong(error.to_string()))?,
                    channel: Channel::parse(&row.text(1)?).map_err(|error| wrong(error.to_string()))?,
                    handle: row.text(2)?,
                    roles: Vec::new(),
                })
            })
            .await?;
        let sql = "SELECT account, objective, audience, measure FROM account_roles WHERE tenant = $1 ORDER BY account, n";
        let roles = tx
            .rows(sql, args![tenant], |row| {
                Ok((row.text(0)?, AccountRole { objective: row.text(1)?, audience: row.text(2)?, measure: row.text(3)? }))
            })
            .await?;
        for (id, role) in roles {
            if let Some(account) = accounts.iter_mut().find(|account| account.id.as_str() == id) {
                account.roles.push(role);
            }
        }
        Ok(accounts)
    }

    pub async fn account(&self, tenant: &TenantId, id: &Slug) -> Result<Option<Account>, JournalError> {
        // A tenant has a handful of accounts: reading them all is one way instead of two.
        Ok(self.accounts(tenant).await?.into_iter().find(|account| account.id == *id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn an_account_keeps_exactly_the_roles_it_was_last_given() {
        for store in testing::stores().await {
            let role =
                |objective: &str| AccountRole { objective: objective.into(), audience: "all".into(), measure: "orders".into() };
            let mut account = Account {
                id: Slug::parse("shop").unwrap(),
                channel: Channel::parse("weibo").unwrap(),
                handle: "茶店".into(),
                roles: vec![role("sales"), role("care")],
            };
            store.journal.put_account(&store.tenant, &account).await.unwrap();
            assert_eq!(store.journal.account(&store.tenant, &account.id).await.unwrap(), Some(account.clone()));
            account.roles = vec![role("care")];
            store.journal.put_account(&store.tenant, &account).await.unwrap();
            assert_eq!(store.journal.accounts(&store.tenant).await.unwrap(), [account]);
        }
    }
}
