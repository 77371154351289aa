//! Hot touches: what came by call and lies in no file of the lake yet.
//!
//! A touch is durable when [`Journal::append`] returns. One call is one transaction and waits for the disk once, so whoever has several
//! touches passes them together (the comment of the crate says what a call and a touch cost).

use kith_core::{
    Channel, CompactString, Currency, Identity, IdentityId, ImportId, Instant, Link, Medium, TenantId, Touch, TouchId, TouchKind,
};

use crate::import::maybe_instant;
use crate::sql::{Bulk, Row, Tx, Value, args, groups, placeholders};
use crate::{Journal, JournalError, identity, link, search};

/// Exactly one version of one touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HotKey {
    pub id: TouchId,
    pub version: i64,
    /// [`Touch::content_digest`]: a later record of the same version may say something else.
    pub content: i64,
}

impl HotKey {
    #[must_use]
    pub fn of(touch: &Touch) -> Self {
        Self { id: touch.id, version: touch.version, content: touch.content_digest() }
    }
}

const COLUMNS: &str = "SELECT id, identity, at, kind, channel, medium, campaign, placement, account, post, order_number, value, currency, \
     quantity, item, score, promised_at, text, attributes, import, version FROM touches";

const HEAD: &str = "INSERT INTO touches (tenant, id, identity, at, kind, channel, medium, campaign, placement, account, post, \
     order_number, value, currency, quantity, item, score, promised_at, text, attributes, import, version, content)";

const NEW: Bulk = Bulk { head: HEAD, columns: 23, tail: "ON CONFLICT (tenant, id) DO NOTHING RETURNING id" };

/// The rule by which one of two records of an event is read.
const BETTER: Bulk = Bulk {
    head: HEAD,
    columns: 23,
    tail: "ON CONFLICT (tenant, id) DO UPDATE SET identity = excluded.identity, at = excluded.at, kind = excluded.kind, \
           channel = excluded.channel, medium = excluded.medium, campaign = excluded.campaign, placement = excluded.placement, \
           account = excluded.account, post = excluded.post, order_number = excluded.order_number, value = excluded.value, \
           currency = excluded.currency, quantity = excluded.quantity, item = excluded.item, score = excluded.score, \
           promised_at = excluded.promised_at, text = excluded.text, attributes = excluded.attributes, import = excluded.import, \
           version = excluded.version, content = excluded.content \
           WHERE excluded.version > touches.version OR (excluded.version = touches.version AND excluded.content > touches.content)",
};

impl Journal {
    /// Writes touches with the identities and links they came with, in one transaction. Gives how many of them were new; of one that
    /// was known, the record with the higher version (then the higher content digest) stays.
    pub async fn append(
        &self,
        tenant: &TenantId,
        touches: &[Touch],
        identities: &[Identity],
        links: &[Link],
    ) -> Result<u64, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let mut sorted: Vec<(HotKey, &Touch)> = touches.iter().map(|touch| (HotKey::of(touch), touch)).collect();
        sorted.sort_unstable_by_key(|(key, _)| (key.id, std::cmp::Reverse((key.version, key.content))));
        sorted.dedup_by_key(|(key, _)| key.id);
        let write = |place: usize, out: &mut Vec<Value>| values(n, sorted[place].0, sorted[place].1, out);
        let mut tx = self.begin().await?;
        let new: Vec<Vec<u8>> = tx.insert_returning(NEW, sorted.len(), write, |row| row.bytes(0)).await?;
        if new.len() < sorted.len() {
            tx.insert(BETTER, sorted.len(), write).await?;
        }
        let identities = identity::distinct(identities);
        identity::see(&mut tx, self.pool(), n, ImportId::BY_CALL, &identities).await?;
        link::add(&mut tx, n, ImportId::BY_CALL, links).await?;
        let orders = touches.iter().filter(|touch| touch.kind == TouchKind::Order);
        let orders: Vec<_> = orders.filter_map(|touch| Some((touch.identity, touch.order.as_ref()?.to_string()))).collect();
        search::index_by_call(&mut tx, n, search::texts(&identities, &[], &orders)).await?;
        tx.commit().await?;
        Ok(new.len() as u64)
    }

    /// All hot touches of a tenant, by id.
    pub async fn hot(&self, tenant: &TenantId) -> Result<Vec<Touch>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().rows(format!("{COLUMNS} WHERE tenant = $1 ORDER BY id"), args![tenant], touch).await
    }

    pub async fn hot_count(&self, tenant: &TenantId) -> Result<u64, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT count(*) FROM touches WHERE tenant = $1";
        Ok(self.pool().row(sql, args![tenant], |row| row.count(0)).await?.unwrap_or_default())
    }

    /// The hot touches of these identities, by id.
    pub async fn hot_of(&self, tenant: &TenantId, identities: &[IdentityId]) -> Result<Vec<Touch>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut ids: Vec<i64> = identities.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = Vec::new();
        let mut tx = self.begin_read().await?;
        for group in groups(&ids) {
            let mut values = args![tenant];
            values.extend(group.into_iter().map(Value::from));
            found.extend(
                tx.rows(format!("{COLUMNS} WHERE tenant = $1 AND identity IN ({})", placeholders(2)), values, touch).await?,
            );
        }
        found.sort_by_key(|touch| touch.id);
        Ok(found)
    }
}

/// Deletes hot touches that now lie in a file. One that has been replaced by a better record meanwhile stays hot.
pub(crate) async fn forget(tx: &mut Tx, tenant: i64, keys: &[HotKey]) -> Result<(), JournalError> {
    let sql = "DELETE FROM touches WHERE tenant = $1 AND id = $2 AND version = $3 AND content = $4";
    for key in keys {
        tx.execute(sql, args![tenant, &key.id.as_bytes()[..], key.version, key.content]).await?;
    }
    Ok(())
}

fn values(tenant: i64, key: HotKey, touch: &Touch, out: &mut Vec<Value>) {
    out.extend(args![
        tenant,
        &touch.id.as_bytes()[..],
        touch.identity.0,
        touch.at.map(Instant::micros),
        touch.kind.as_str(),
        touch.channel.as_str(),
        touch.medium.as_ref().map(Medium::as_str),
        touch.campaign.as_deref(),
        touch.placement.as_deref(),
        touch.account.as_deref(),
        touch.post.as_deref(),
        touch.order.as_deref(),
        touch.value,
        touch.currency.as_ref().map(Currency::code),
        touch.quantity,
        touch.item.as_deref(),
        touch.score,
        touch.promised_at.map(Instant::micros),
        touch.text.as_deref(),
        &touch.attributes,
        touch.import.0,
        touch.version,
        key.content,
    ]);
}

fn touch(row: &Row) -> Result<Touch, JournalError> {
    let wrong = |what: String| JournalError::Unreadable { table: "touches", what };
    let compact = |index| Ok::<_, JournalError>(row.maybe_text(index)?.map(CompactString::from));
    let id: [u8; 16] = row.bytes(0)?.try_into().map_err(|_| wrong("an id is not 16 bytes".to_owned()))?;
    let kind = row.text(3)?;
    Ok(Touch {
        id: TouchId::from_bytes(id),
        identity: IdentityId(row.int(1)?),
        at: maybe_instant(row.maybe_int(2)?)?,
        kind: TouchKind::parse(&kind).ok_or_else(|| wrong(format!("`{kind}` is no kind")))?,
        channel: Channel::parse(&row.text(4)?).map_err(|error| wrong(error.to_string()))?,
        medium: row.maybe_text(5)?.map(|text| Medium::parse(&text)).transpose().map_err(|error| wrong(error.to_string()))?,
        campaign: compact(6)?,
        placement: compact(7)?,
        account: compact(8)?,
        post: compact(9)?,
        order: compact(10)?,
        value: row.maybe_int(11)?,
        currency: row.maybe_text(12)?.map(|text| Currency::parse(&text)).transpose().map_err(|error| wrong(error.to_string()))?,
        quantity: row.maybe_real(13)?,
        item: compact(14)?,
        score: row.maybe_real(15)?,
        promised_at: maybe_instant(row.maybe_int(16)?)?,
        text: row.maybe_text(17)?,
        attributes: row.text(18)?,
        import: ImportId(row.int(19)?),
        version: row.int(20)?,
    })
}
