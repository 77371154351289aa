//! The businesses that use this store.

use kith_core::{Calendar, Currency, Language, Slug, Tenant, TenantId};

use crate::sql::{Row, Value, args};
use crate::{Journal, JournalError};

const COLUMNS: &str = "id, name, zone, currency, language, country";

/// How a tenant gets its number; what happens to one that is there already is still to be said.
pub(crate) const INSERT: &str = "INSERT INTO tenants (n, id, name, zone, currency, language, country) \
     VALUES ((SELECT coalesce(max(n), 0) + 1 FROM tenants), $1, $2, $3, $4, $5, $6) ON CONFLICT (id)";

impl Journal {
    /// Adds a tenant, or changes all but its id.
    pub async fn put_tenant(&self, tenant: &Tenant) -> Result<(), JournalError> {
        let sql = format!(
            "{INSERT} DO UPDATE SET name = excluded.name, zone = excluded.zone, currency = excluded.currency, \
             language = excluded.language, country = excluded.country"
        );
        let mut tx = self.begin().await?;
        tx.execute(sql, values(tenant)).await?;
        tx.commit().await
    }

    pub async fn tenant(&self, id: &TenantId) -> Result<Option<Tenant>, JournalError> {
        self.pool().row(format!("SELECT {COLUMNS} FROM tenants WHERE id = $1"), args![id.as_str()], tenant).await
    }

    /// All tenants, by id.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, JournalError> {
        self.pool().rows(format!("SELECT {COLUMNS} FROM tenants ORDER BY id"), args![], tenant).await
    }
}

pub(crate) fn values(tenant: &Tenant) -> Vec<Value> {
    args![
        tenant.id.as_str(),
        &tenant.name,
        tenant.calendar.name(),
        tenant.currency.code(),
        tenant.language.as_str(),
        &tenant.country
    ]
}

fn tenant(row: &Row) -> Result<Tenant, JournalError> {
    let wrong = |what: &str| JournalError::Unreadable { table: "tenants", what: what.to_owned() };
    Ok(Tenant {
        id: Slug::parse(&row.text(0)?).map_err(|error| wrong(&error.to_string()))?,
        name: row.text(1)?,
        calendar: Calendar::parse(&row.text(2)?).ok_or_else(|| wrong("its time zone is unknown"))?,
        currency: Currency::parse(&row.text(3)?).map_err(|error| wrong(&error.to_string()))?,
        language: Language::parse(&row.text(4)?).ok_or_else(|| wrong("its language is unknown"))?,
        country: row.text(5)?,
    })
}

#[cfg(test)]
mod tests {
    use crate::testing;

    #[tokio::test]
    async fn a_tenant_is_read_back_and_changed_in_place() {
        for store in testing::stores().await {
            let mut tenant = testing::tenant("茶店");
            store.journal.put_tenant(&tenant).await.unwrap();
            assert_eq!(store.journal.tenant(&tenant.id).await.unwrap().as_ref(), Some(&tenant));
            tenant.name = "Another name".into();
            tenant.country = "GB".into();
            store.journal.put_tenant(&tenant).await.unwrap();
            let all = store.journal.tenants().await.unwrap();
            assert!(all.contains(&tenant) && all.iter().filter(|one| one.id == tenant.id).count() == 1);
        }
    }
}
