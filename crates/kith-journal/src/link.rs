//! Links: evidence that two identities may be one person. It stands as long as the import that brought it.

use kith_core::{IdentityId, ImportId, Link, LinkBasis, TenantId};

use crate::merge::more_evidence;
use crate::sql::{Bulk, Row, Tx, args};
use crate::{Journal, JournalError};

impl Journal {
    /// The links of standing imports and calls, by identities, basis and import.
    pub async fn links(&self, tenant: &TenantId) -> Result<Vec<Link>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT one, other, basis, import FROM links WHERE tenant = $1 \
             AND (import = 0 OR import IN (SELECT id FROM imports WHERE state = 'active'))";
        let mut links = self.pool().rows(sql, args![tenant], link).await?;
        // Sorted here, where the basis has its order of trust.
        links.sort_unstable();
        Ok(links)
    }

    /// Adds a link by call.
    pub async fn link_add(&self, tenant: &TenantId, link: &Link) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        add(&mut tx, tenant, ImportId::BY_CALL, std::slice::from_ref(link)).await?;
        tx.commit().await
    }
}

pub(crate) async fn add(tx: &mut Tx, tenant: i64, import: ImportId, links: &[Link]) -> Result<(), JournalError> {
    let mut links: Vec<&Link> = links.iter().collect();
    links.sort_unstable();
    let bulk = Bulk { head: "INSERT INTO links (tenant, import, one, other, basis)", columns: 5, tail: "ON CONFLICT DO NOTHING" };
    if links.is_empty() {
        return Ok(());
    }
    tx.insert(bulk, links.len(), |at, out| {
        let link = links[at];
        out.extend(args![tenant, import.0, link.one.0, link.other.0, link.basis.as_str()]);
    })
    .await?;
    more_evidence(tx, tenant).await
}

fn link(row: &Row) -> Result<Link, JournalError> {
    Ok(Link {
        one: IdentityId(row.int(0)?),
        other: IdentityId(row.int(1)?),
        basis: basis(&row.text(2)?)?,
        import: ImportId(row.int(3)?),
    })
}

pub(crate) fn basis(text: &str) -> Result<LinkBasis, JournalError> {
    let wrong = || JournalError::Unreadable { table: "links or merges", what: format!("`{text}` is no basis") };
    LinkBasis::parse(text).ok_or_else(wrong)
}
