//! Finding contacts by name, handle, phone, e-mail or order number, in Chinese too.
//!
//! The words of a text ([`search_terms`]) lie in the full-text index of each engine: FTS5 in SQLite, a `tsvector` with GIN in PostgreSQL.
//! Both get the words ready cut, so both find the same. Text that an import brings is durable with the import and indexed afterwards
//! ([`Journal::index_pending`], at the latest by the next search), because the index would take longer than all the rest.
//! Every text belongs to an import, and those of undone imports are passed over.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kith_core::{Identity, IdentityId, IdentityKind, ImportId, Record, TenantId};
use kith_text::search_terms;

use crate::sql::{Bulk, Engine, Tx, args};
use crate::writer_lock::LOCK_OF_SEARCH;
use crate::{Journal, JournalError};

/// An identity that was found, and the text by which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    pub identity: IdentityId,
    pub text: String,
}

/// Texts of one import: an identity and what it is found by, one piece a line.
type Texts = Vec<(i64, String)>;

/// Texts a transaction when the index catches up.
const PENDING_AT_ONCE: usize = 5_000;

/// Words of one text that are indexed; PostgreSQL counts places up to 16,383.
const MOST_WORDS: usize = 2_000;

/// Longer ones are no words that anybody would type, and PostgreSQL refuses them above 2 kB.
const LONGEST_WORD: usize = 200;

/// Stands between two pieces, so that no phrase reaches from one into the next. No word of a text can be it.
const GAP: &str = "¶";

impl Journal {
    /// Contacts' identities for what somebody types: every part (between blanks) must be found as a phrase, the last word may be
    /// unfinished, and the last four or more digits of a phone number are enough. Identities that are exactly `query` come first, then the
    /// others by number.
    pub async fn search(&self, tenant: &TenantId, query: &str, limit: usize) -> Result<Vec<SearchHit>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let mut hits = self.exactly(tenant, n, query.trim()).await?;
        let ways = ways(query);
        if !ways.is_empty() {
            self.index_pending().await?;
            let (matching, number) = match self.engine() {
                Engine::Sqlite => ("w.contact_words MATCH $1", "w.rowid"),
                Engine::Postgres => ("w.terms @@ $1::text::tsquery", "w.n"),
            };
            let sql = format!(
                "SELECT t.identity, min(t.text) FROM contact_words w JOIN contact_texts t ON t.n = {number} WHERE {matching} \
                 AND t.tenant = $2 AND (t.import = 0 OR t.import IN (SELECT id FROM imports WHERE state = 'active')) \
                 GROUP BY t.identity ORDER BY t.identity LIMIT $3"
            );
            let values = args![asked(self.engine(), &ways), n, i64::try_from(limit).unwrap_or(i64::MAX)];
            let found = self.pool().rows(sql, values, |row| Ok((IdentityId(row.int(0)?), row.text(1)?))).await?;
            for (identity, text) in found {
                if hits.iter().all(|hit| hit.identity != identity) {
                    hits.push(SearchHit { identity, text: piece(&text, &ways) });
                }
            }
        }
        hits.truncate(limit);
        Ok(hits)
    }

    /// Adds what is to be found of identities, by call.
    pub async fn index_contact_text(&self, tenant: &TenantId, texts: &[(IdentityId, String)]) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        index_by_call(&mut tx, tenant, texts.iter().map(|(identity, text)| (identity.0, text.clone())).collect()).await?;
        tx.commit().await
    }

    /// Lets the index catch up with what imports brought, and says how many texts it took in. It can be stopped at any moment.
    pub async fn index_pending(&self) -> Result<u64, JournalError> {
        let mut done = 0;
        loop {
            // Asked without a transaction first: most searches find nothing to do and need not wait for a writer.
            if self.pool().row("SELECT n FROM search_pending LIMIT 1", args![], |row| row.int(0)).await?.is_none() {
                return Ok(done);
            }
            let mut tx = self.begin().await?;
            lock(&mut tx).await?;
            let sql = "DELETE FROM search_pending WHERE n = (SELECT min(n) FROM search_pending) RETURNING tenant, import, body";
            let pending = tx.row(sql, args![], |row| Ok((row.int(0)?, row.int(1)?, row.text(2)?))).await?;
            let Some((tenant, import, body)) = pending else { return Ok(done) };
            let wrong = |error: serde_json::Error| JournalError::Unreadable { table: "search_pending", what: error.to_string() };
            let texts: Texts = serde_json::from_str(&body).map_err(wrong)?;
            done += texts.len() as u64;
            index(&mut tx, tenant, ImportId(import), &texts).await?;
            tx.commit().await?;
        }
    }

    /// An external id is found by its number, whether it is in the index or not.
    async fn exactly(&self, tenant: &TenantId, n: i64, query: &str) -> Result<Vec<SearchHit>, JournalError> {
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let channels = self.identity_channels(n).await?;
        let mut ids = Vec::new();
        for kind in IdentityKind::ALL {
            ids.extend(channels.iter().map(|channel| IdentityId::of(tenant, channel, kind, query).0));
        }
        ids.sort_unstable();
        ids.dedup();
        let found = self.known(n, &ids).await?;
        Ok(found.into_iter().map(|identity| SearchHit { identity: identity.id, text: identity.external }).collect())
    }
}

/// What identities, profiles and orders are found by.
pub(crate) fn texts(identities: &[&Identity], records: &[(Record, i64)], orders: &[(IdentityId, String)]) -> Texts {
    let mut texts = Texts::new();
    for identity in identities {
        // Numbers of devices and the like are only ever asked for whole, and are found so without the index.
        let readable =
            matches!(identity.kind, IdentityKind::Login | IdentityKind::Email | IdentityKind::Phone | IdentityKind::Order);
        let external = readable.then_some(identity.external.as_str());
        texts.extend(lines(identity.id, identity.name.as_deref().into_iter().chain(external)));
    }
    for (record, _) in records {
        if let Record::Profile { identity, profile } = record {
            let said = profile.other.iter().map(|(_, value)| value.as_str());
            let said = profile.name.as_deref().into_iter().chain(profile.tags.iter().map(String::as_str)).chain(said);
            texts.extend(lines(*identity, said));
        }
    }
    texts.extend(orders.iter().map(|(identity, number)| (identity.0, number.clone())));
    texts
}

fn lines<'a>(identity: IdentityId, pieces: impl Iterator<Item = &'a str>) -> Option<(i64, String)> {
    let text = pieces.collect::<Vec<_>>().join("\n");
    (!text.trim().is_empty()).then_some((identity.0, text))
}

/// Keeps the texts of an import until the index takes them.
pub(crate) async fn remember(tx: &mut Tx, tenant: i64, import: ImportId, texts: Texts) -> Result<(), JournalError> {
    if texts.is_empty() {
        return Ok(());
    }
    lock(tx).await?;
    let mut n = tx.row("SELECT coalesce(max(n), 0) FROM search_pending", args![], |row| row.int(0)).await?.unwrap_or_default();
    for some in texts.chunks(PENDING_AT_ONCE) {
        n += 1;
        let body = serde_json::to_string(some).map_err(|source| JournalError::Statement { source: source.into() })?;
        tx.execute(
            "INSERT INTO search_pending (n, tenant, import, body) VALUES ($1, $2, $3, $4)",
            args![n, tenant, import.0, body],
        )
        .await?;
    }
    Ok(())
}

/// Indexes what came by call, at once; what was said before is not indexed again.
pub(crate) async fn index_by_call(tx: &mut Tx, tenant: i64, mut texts: Texts) -> Result<(), JournalError> {
    if texts.is_empty() {
        return Ok(());
    }
    texts.sort_unstable();
    texts.dedup();
    lock(tx).await?;
    let mut new = Texts::new();
    for (identity, text) in texts {
        let sql = "SELECT n FROM contact_texts WHERE identity = $1 AND import = 0 AND tenant = $2 AND text = $3 LIMIT 1";
        if tx.row(sql, args![identity, tenant, &text], |row| row.int(0)).await?.is_none() {
            new.push((identity, text));
        }
    }
    index(tx, tenant, ImportId::BY_CALL, &new).await
}

/// Texts are numbered one after another, so whoever adds some must be alone. SQLite's writers always are.
async fn lock(tx: &mut Tx) -> Result<(), JournalError> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.rows("SELECT pg_advisory_xact_lock($1)", args![LOCK_OF_SEARCH], |_| Ok(())).await.map(drop),
    }
}

async fn index(tx: &mut Tx, tenant: i64, import: ImportId, texts: &[(i64, String)]) -> Result<(), JournalError> {
    let first = tx.row("SELECT coalesce(max(n), 0) + 1 FROM contact_texts", args![], |row| row.int(0)).await?.unwrap_or(1);
    let bulk = Bulk { head: "INSERT INTO contact_texts (n, tenant, import, identity, text)", columns: 5, tail: "" };
    tx.insert(bulk, texts.len(), |place, out| {
        let (identity, text) = &texts[place];
        out.extend(args![first + place as i64, tenant, import.0, *identity, text]);
    })
    .await?;
    let (engine, words) = match tx.engine() {
        Engine::Sqlite => (Engine::Sqlite, Bulk { head: "INSERT INTO contact_words (rowid, terms)", columns: 2, tail: "" }),
        // The words arrive as text; the server turns them into a vector row by row.
        Engine::Postgres => (
            Engine::Postgres,
            Bulk {
                head: "INSERT INTO contact_words (n, terms) SELECT v.n, v.terms::tsvector FROM (",
                columns: 2,
                tail: ") AS v (n, terms)",
            },
        ),
    };
    tx.insert(words, texts.len(), |place, out| {
        out.extend(args![first + place as i64, stored(engine, &words_of(&texts[place].1))]);
    })
    .await
    .map(drop)
}

/// The words of a text, with gaps between its lines. A phone number is also found by its ends: it brings each of them as a word.
fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for line in text.lines() {
        let phone = line.strip_prefix('+').filter(|digits| digits.len() >= 7 && digits.bytes().all(|b| b.is_ascii_digit()));
        match phone {
            Some(digits) => words.extend((0..=digits.len() - 4).map(|from| digits[from..].to_owned())),
            None => words.extend(search_terms(line).into_iter().filter(|word| word.len() <= LONGEST_WORD)),
        }
        words.push(GAP.to_owned());
    }
    words.truncate(MOST_WORDS);
    words
}

/// As the engine stores it. Words have neither blanks nor quotes.
fn stored(engine: Engine, words: &[String]) -> String {
    match engine {
        Engine::Sqlite => words.join(" "),
        Engine::Postgres => {
            // A word may stand at 255 places at most; the server drops the rest with a notice, so the gaps are left out here.
            let mut out = String::new();
            for (at, word) in (1..).zip(words).filter(|(_, word)| *word != GAP) {
                let _ = write!(out, "'{word}':{at} ");
            }
            out
        }
    }
}

/// A phrase, and whether its last word may go on.
type Part = (Vec<String>, bool);

/// The ways to read what somebody typed; one of them must be found, with all its parts.
fn ways(query: &str) -> Vec<Vec<Part>> {
    let phrases = query.split_whitespace().map(search_terms).filter(|phrase| !phrase.is_empty());
    let mut parts: Vec<Part> = phrases.map(|phrase| (phrase, false)).collect();
    let Some((phrase, goes_on)) = parts.last_mut() else { return Vec::new() };
    // A Han character is a whole word; a letter or a digit may be the beginning of one.
    *goes_on = phrase.last().is_some_and(|word| word.chars().count() > 1 || word.is_ascii());
    // A phone number typed in groups is one number.
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let grouped = digits.len() >= 4 && query.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    let number = (grouped && parts != [(vec![digits.clone()], true)]).then(|| vec![(vec![digits], true)]);
    [Some(parts), number].into_iter().flatten().collect()
}

fn asked(engine: Engine, ways: &[Vec<Part>]) -> String {
    let (and, or) = if engine == Engine::Sqlite { (" AND ", " OR ") } else { (" & ", " | ") };
    let phrase = |(words, goes_on): &Part| match engine {
        Engine::Sqlite => format!("\"{}\"{}", words.join(" "), if *goes_on { " *" } else { "" }),
        Engine::Postgres => {
            let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" <-> ");
            format!("({words}{})", if *goes_on { ":*" } else { "" })
        }
    };
    let way = |parts: &Vec<Part>| format!("({})", parts.iter().map(phrase).collect::<Vec<_>>().join(and));
    ways.iter().map(way).collect::<Vec<_>>().join(or)
}

/// The line of a text in which most of what was asked stands.
fn piece(text: &str, ways: &[Vec<Part>]) -> String {
    let mut score: BTreeMap<usize, &str> = BTreeMap::new();
    for line in text.lines() {
        let words = words_of(line);
        let hit = |(phrase, _): &&Part| phrase.iter().all(|word| words.iter().any(|one| one.starts_with(word.as_str())));
        score.entry(ways.iter().flatten().filter(hit).count()).or_insert(line);
    }
    score.last_key_value().map_or(text, |(_, line)| line).to_owned()
}
