//! Identities: how contacts show on channels, and who has seen them.
//!
//! The name of an identity is the smallest (in byte order) of all names that standing imports and calls gave it. That is no better a name
//! than another, but it is the same whatever the order in which files came, and it goes when the import that gave it is undone.

use std::collections::HashMap;

use kith_core::{Channel, Identity, IdentityId, IdentityKind, ImportId, TenantId};

use crate::sql::{Bulk, Pool, Row, Tx, Value, args, groups, placeholders};
use crate::{Journal, JournalError};

const COLUMNS: &str = "SELECT id, kind, channel, external, name FROM identities";
/// Somebody who stands has seen it.
const KNOWN: &str = "(imports > 0 OR by_call = 1)";

/// Two identities with one number would set `kind` to nothing, which the table refuses: so the check costs no question.
const SEEN_BY_IMPORT: Bulk = Bulk {
    head: "INSERT INTO identities (id, tenant, kind, channel, external, name, imports, by_call)",
    columns: 8,
    tail: "ON CONFLICT (id) DO UPDATE SET \
           kind = CASE WHEN identities.tenant = excluded.tenant AND identities.kind = excluded.kind \
           AND identities.channel = excluded.channel AND identities.external = excluded.external THEN identities.kind END, \
           name = CASE WHEN identities.name IS NULL OR excluded.name < identities.name THEN excluded.name ELSE identities.name END, \
           imports = identities.imports + excluded.imports, \
           by_call = CASE WHEN excluded.by_call = 1 THEN 1 ELSE identities.by_call END",
};

impl Journal {
    /// The identities with these numbers, also those whose imports have all been undone, by number.
    pub async fn identities(&self, tenant: &TenantId, ids: &[IdentityId]) -> Result<Vec<Identity>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin_read().await?;
        let mut found = among(&mut tx, tenant, ids).await?;
        found.sort_by_key(|identity| identity.id);
        Ok(found)
    }

    /// Every identity that somebody knows, by number.
    pub async fn all_identities(&self, tenant: &TenantId) -> Result<Vec<Identity>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().rows(format!("{COLUMNS} WHERE tenant = $1 AND {KNOWN} ORDER BY id"), args![tenant], identity).await
    }

    /// The known identities of a kind that some channel calls `external`.
    pub async fn identities_of(
        &self,
        tenant: &TenantId,
        kind: IdentityKind,
        external: &str,
    ) -> Result<Vec<Identity>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let channels = self.identity_channels(n).await?;
        let ids: Vec<i64> = channels.iter().map(|channel| IdentityId::of(tenant, channel, kind, external).0).collect();
        self.known(n, &ids).await
    }

    /// How many identities somebody knows.
    pub async fn identity_count(&self, tenant: &TenantId) -> Result<u64, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = format!("SELECT count(*) FROM identities WHERE tenant = $1 AND {KNOWN}");
        Ok(self.pool().row(sql, args![tenant], |row| row.count(0)).await?.unwrap_or_default())
    }

    /// The channels on which identities live, and the empty one of those that are the same everywhere.
    pub(crate) async fn identity_channels(&self, tenant: i64) -> Result<Vec<String>, JournalError> {
        let sql = "SELECT channel FROM identity_channels WHERE tenant = $1 ORDER BY channel";
        self.pool().rows(sql, args![tenant], |row| row.text(0)).await
    }

    /// Those of `ids` that somebody knows.
    pub(crate) async fn known(&self, tenant: i64, ids: &[i64]) -> Result<Vec<Identity>, JournalError> {
        let mut found = Vec::new();
        for group in groups(ids) {
            let sql = format!("{COLUMNS} WHERE tenant = $1 AND {KNOWN} AND id IN ({}) ORDER BY id", placeholders(2));
            let mut values = args![tenant];
            values.extend(group.into_iter().map(Value::from));
            found.extend(self.pool().rows(sql, values, identity).await?);
        }
        Ok(found)
    }
}

/// Each identity once, by number, with the smallest of its names.
pub(crate) fn distinct(identities: &[Identity]) -> Vec<&Identity> {
    let mut distinct: Vec<&Identity> = identities.iter().collect();
    // Numbers are spread evenly, so inserting them in their order touches each page of the table once.
    distinct.sort_unstable_by(|a, b| {
        a.id.cmp(&b.id).then_with(|| a.name.is_none().cmp(&b.name.is_none())).then_with(|| a.name.cmp(&b.name))
    });
    // Two with one number and other parts stay beside each other here, so that the table can refuse them.
    distinct.dedup_by(|b, a| a.id == b.id && same(a, b));
    distinct
}

fn same(a: &Identity, b: &Identity) -> bool {
    a.kind == b.kind && a.channel == b.channel && a.external == b.external
}

fn clash(one: &Identity, other: &Identity) -> JournalError {
    let shown = |identity: &Identity| {
        let channel = identity.channel.as_ref().map_or("", Channel::as_str);
        format!("{} {channel} {}", identity.kind, identity.external).replace("  ", " ")
    };
    JournalError::IdentityClash { id: one.id, one: shown(one), other: shown(other) }
}

/// Notes that an import (or a call) has seen these identities, which are [`distinct`].
pub(crate) async fn see(
    tx: &mut Tx,
    pool: &Pool,
    tenant: i64,
    import: ImportId,
    identities: &[&Identity],
) -> Result<(), JournalError> {
    if let Some(pair) = identities.windows(2).find(|pair| pair[0].id == pair[1].id) {
        return Err(clash(pair[0], pair[1]));
    }
    let by_call = import == ImportId::BY_CALL;
    let channel = |identity: &Identity| identity.channel.as_ref().map_or("", Channel::as_str).to_owned();
    let upserted = tx.insert(SEEN_BY_IMPORT, identities.len(), |place, out| {
        let identity = identities[place];
        out.extend(args![
            identity.id.0,
            tenant,
            identity.kind.as_str(),
            channel(identity),
            &identity.external,
            identity.name.as_deref(),
            i64::from(!by_call),
            i64::from(by_call),
        ]);
    });
    match upserted.await {
        Ok(_) => {}
        Err(error @ JournalError::Conflict { .. }) => return Err(find_clash(pool, identities).await.unwrap_or(error)),
        Err(error) => return Err(error),
    }
    let sighting = Bulk {
        head: "INSERT INTO sightings (import, identity, name)",
        columns: 3,
        // Only calls see an identity twice.
        tail: "ON CONFLICT (import, identity) DO UPDATE SET name = excluded.name WHERE sightings.name IS NULL OR excluded.name < sightings.name",
    };
    tx.insert(sighting, identities.len(), |place, out| {
        out.extend(args![import.0, identities[place].id.0, identities[place].name.as_deref()]);
    })
    .await?;
    let mut channels: Vec<String> = identities.iter().map(|identity| channel(identity)).collect();
    channels.sort_unstable();
    channels.dedup();
    for channel in channels {
        let sql = "INSERT INTO identity_channels (tenant, channel) VALUES ($1, $2) ON CONFLICT (tenant, channel) DO NOTHING";
        tx.execute(sql, args![tenant, channel]).await?;
    }
    Ok(())
}

/// Which two it were. Asked on another connection, because PostgreSQL answers nothing more in a transaction that failed.
async fn find_clash(pool: &Pool, identities: &[&Identity]) -> Option<JournalError> {
    let ids: Vec<i64> = identities.iter().map(|identity| identity.id.0).collect();
    let ours: HashMap<IdentityId, &Identity> = identities.iter().map(|identity| (identity.id, *identity)).collect();
    for group in groups(&ids) {
        let sql = format!("{COLUMNS} WHERE id IN ({})", placeholders(1));
        let found = pool.rows(sql, group.into_iter().map(Value::from).collect(), identity).await.ok()?;
        let pair = found
            .iter()
            .find_map(|theirs| ours.get(&theirs.id).filter(|ours| !same(ours, theirs)).map(|ours| clash(theirs, ours)));
        if pair.is_some() {
            return pair;
        }
    }
    None
}

/// An import has been undone or brought back: count it out or in, and choose the names anew.
pub(crate) async fn set_standing(tx: &mut Tx, import: ImportId, stands: bool) -> Result<(), JournalError> {
    let seen = "id IN (SELECT identity FROM sightings WHERE import = $1)";
    let step = if stands { 1 } else { -1 };
    tx.execute(format!("UPDATE identities SET imports = imports + $2 WHERE {seen}"), args![import.0, step]).await?;
    tx.execute(format!("UPDATE identities SET name = NULL WHERE {seen}"), args![import.0]).await?;
    let names = "UPDATE identities SET name = standing.name FROM \
         (SELECT identity, min(name) AS name FROM sightings WHERE name IS NOT NULL \
         AND (import = 0 OR import IN (SELECT id FROM imports WHERE state = 'active')) \
         AND identity IN (SELECT identity FROM sightings WHERE import = $1) GROUP BY identity) AS standing \
         WHERE standing.identity = identities.id";
    tx.execute(names, args![import.0]).await.map(drop)
}

async fn among(tx: &mut Tx, tenant: i64, ids: &[IdentityId]) -> Result<Vec<Identity>, JournalError> {
    let mut ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::new();
    for group in groups(&ids) {
        let sql = format!("{COLUMNS} WHERE tenant = $1 AND id IN ({})", placeholders(2));
        let mut values = args![tenant];
        values.extend(group.into_iter().map(Value::from));
        found.extend(tx.rows(sql, values, identity).await?);
    }
    Ok(found)
}

fn identity(row: &Row) -> Result<Identity, JournalError> {
    let wrong = |what: String| JournalError::Unreadable { table: "identities", what };
    let (kind, channel) = (row.text(1)?, row.text(2)?);
    Ok(Identity {
        id: IdentityId(row.int(0)?),
        kind: IdentityKind::parse(&kind).ok_or_else(|| wrong(format!("`{kind}` is no kind")))?,
        channel: match channel.as_str() {
            "" => None,
            channel => Some(Channel::parse(channel).map_err(|error| wrong(error.to_string()))?),
        },
        external: row.text(3)?,
        name: row.maybe_text(4)?,
    })
}
