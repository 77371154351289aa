//! The brands a tenant follows: its own and its competitors'.

use kith_core::{Brand, BrandSide, Slug, TenantId};

use crate::sql::{Row, args};
use crate::{Journal, JournalError};

const COLUMNS: &str = "SELECT id, name, side, aliases FROM brands";

impl Journal {
    /// Adds a brand, or changes all but its id.
    pub async fn put_brand(&self, tenant: &TenantId, brand: &Brand) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let side = match brand.side {
            BrandSide::Own => "own",
            BrandSide::Competitor => "competitor",
        };
        let aliases =
            serde_json::to_string(&brand.aliases).map_err(|source| JournalError::Statement { source: source.into() })?;
        let sql = "INSERT INTO brands (tenant, id, name, side, aliases) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, side = excluded.side, aliases = excluded.aliases";
        let mut tx = self.begin().await?;
        tx.execute(sql, args![tenant, brand.id.as_str(), &brand.name, side, aliases]).await?;
        tx.commit().await
    }

    /// All brands of a tenant, by id.
    pub async fn brands(&self, tenant: &TenantId) -> Result<Vec<Brand>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().rows(format!("{COLUMNS} WHERE tenant = $1 ORDER BY id"), args![tenant], brand).await
    }

    pub async fn brand(&self, tenant: &TenantId, id: &Slug) -> Result<Option<Brand>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().row(format!("{COLUMNS} WHERE tenant = $1 AND id = $2"), args![tenant, id.as_str()], brand).await
    }
}

fn brand(row: &Row) -> Result<Brand, JournalError> {
    let wrong = |what: String| JournalError::Unreadable { table: "brands", what };
    Ok(Brand {
        id: Slug::parse(&row.text(0)?).map_err(|error| wrong(error.to_string()))?,
        name: row.text(1)?,
        side: if row.text(2)? == "own" { BrandSide::Own } else { BrandSide::Competitor },
        aliases: serde_json::from_str(&row.text(3)?).map_err(|error| wrong(error.to_string()))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn a_brand_keeps_its_other_names() {
        for store in testing::stores().await {
            let id = Slug::parse("一点点").unwrap();
            let brand = Brand {
                id,
                name: "1點點".into(),
                side: BrandSide::Competitor,
                aliases: vec!["alittle".into(), "\"点点\"".into()],
            };
            store.journal.put_brand(&store.tenant, &brand).await.unwrap();
            assert_eq!(store.journal.brand(&store.tenant, &brand.id).await.unwrap(), Some(brand.clone()));
            assert_eq!(store.journal.brands(&store.tenant).await.unwrap(), [brand]);
        }
    }
}
