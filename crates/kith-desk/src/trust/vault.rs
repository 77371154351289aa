//! Secrets at rest: sealed with XChaCha20-Poly1305, each bound to its tenant, its name and its key, so that none can be put in another's place.
//!
//! Which key seals now stands in the database; the keys themselves stand outside ([`super::key_ring`]). A process that has not heard of a
//! new key is refused when it writes, reads the keys again and repeats. So keys can be changed while a server runs.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kith_core::{Instant, TenantId};
use kith_journal::Journal;
use kith_journal::trust::{Applied, NewAuditLine, StoredSecret, TrustChange};

use super::key_ring::{self, KEY_FILE, Key, KeyError, KeyRing};
use super::{Randomness, Secret, TrustError};

/// What a change of keys did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The id of the key that seals now.
    pub key: String,
    /// So many secrets were sealed anew.
    pub renewed: u64,
    /// Ids of keys that nothing needs any more; those of a file are gone from it.
    pub retired: Vec<String>,
}

pub(super) struct Vault {
    journal: Journal,
    randomness: Randomness,
    /// `None`: the keys come from the environment and cannot be added to.
    file: Option<PathBuf>,
    path: PathBuf,
    ring: RwLock<KeyRing>,
}

/// The first byte of what is sealed: how the rest is to be read.
const FORM: u8 = 1;
const KEY_ID: usize = 8;
const NONCE: usize = 24;

/// Secrets that a change of keys reads at once.
const AT_ONCE: u32 = 100;

/// So often a write is repeated when the key changes under it.
const TRIES: usize = 5;

/// Seals a secret. Everything that must be the same when it is opened is bound to it.
fn seal(key: &Key, tenant: &str, name: &str, nonce: [u8; NONCE], secret: &[u8]) -> Result<Vec<u8>, KeyError> {
    let cipher = XChaCha20Poly1305::new((&key.bytes).into());
    let bound = bound_to(&key.id, tenant, name);
    let payload = Payload { msg: secret, aad: &bound };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Broken)?;
    let mut body = Vec::with_capacity(1 + KEY_ID + NONCE + sealed.len());
    body.push(FORM);
    body.extend_from_slice(key.id.as_bytes());
    body.extend_from_slice(&nonce);
    body.extend_from_slice(&sealed);
    Ok(body)
}

/// The id of the key that a sealed body names.
fn key_of(body: &[u8]) -> Result<&str, KeyError> {
    match body.split_first() {
        Some((&FORM, rest)) if rest.len() >= KEY_ID + NONCE => std::str::from_utf8(&rest[..KEY_ID]).map_err(|_| KeyError::Broken),
        _ => Err(KeyError::Broken),
    }
}

fn open(key: &Key, tenant: &str, name: &str, body: &[u8]) -> Result<Secret, KeyError> {
    if key_of(body)? != key.id {
        return Err(KeyError::Broken);
    }
    let (nonce, sealed) = body[1 + KEY_ID..].split_first_chunk::<NONCE>().ok_or(KeyError::Broken)?;
    let bound = bound_to(&key.id, tenant, name);
    let payload = Payload { msg: sealed, aad: &bound };
    let cipher = XChaCha20Poly1305::new((&key.bytes).into());
    cipher.decrypt(&XNonce::from(*nonce), payload).map(Secret::new).map_err(|_| KeyError::Broken)
}

/// Each part with its length before it: no two places look the same.
fn bound_to(key_id: &str, tenant: &str, name: &str) -> Vec<u8> {
    let mut bound = b"kith secret 1".to_vec();
    for part in [key_id, tenant, name] {
        bound.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bound.extend_from_slice(part.as_bytes());
    }
    bound
}

impl Vault {
    pub fn open(
        journal: Journal,
        folder: &std::path::Path,
        variable: Option<&str>,
        randomness: &Randomness,
    ) -> Result<Self, KeyError> {
        let path = folder.join(KEY_FILE);
        let (file, ring) = match variable.filter(|text| !text.trim().is_empty()) {
            Some(text) => (None, KeyRing::parse(text, key_ring::KEY_VARIABLE)?),
            None => (Some(path.clone()), key_ring::read(&path)?),
        };
        Ok(Self { journal, randomness: randomness.clone(), file, path, ring: RwLock::new(ring) })
    }

    pub async fn get(&self, tenant: Option<&TenantId>, name: &str) -> Result<Option<Secret>, TrustError> {
        let Some(stored) = self.journal.secret(tenant, name).await? else { return Ok(None) };
        Ok(Some(self.unseal(tenant, &stored)?))
    }

    /// Puts a secret in its place, after other changes and together with them. Only the others can be refused: the key is found again.
    pub async fn put(
        &self,
        tenant: Option<&TenantId>,
        name: &str,
        secret: &Secret,
        changes: Vec<TrustChange>,
        lines: &[NewAuditLine],
        now: Instant,
    ) -> Result<Applied, TrustError> {
        for _ in 0..TRIES {
            let key = self.sealing_key().await?;
            let stored = self.sealed(&key, tenant, name, secret, now)?;
            let mut all = changes.clone();
            all.push(TrustChange::PutSecret { tenant: tenant.cloned(), secret: stored });
            match self.journal.change_trust(&all, lines).await? {
                Applied::Refused(place) if place == changes.len() => {}
                applied => return Ok(applied),
            }
        }
        Err(TrustError::Conflict { what: "the key of the secrets" })
    }

    /// Seals everything with a new key. It can be killed at any moment and run again: until the last secret is sealed anew, the old key
    /// stays where it is.
    pub async fn rotate(&self) -> Result<Rotation, TrustError> {
        let _alone = match &self.file {
            Some(path) => Some(key_ring::lock(path)?),
            None => None,
        };
        // The one in use first: a store without any key gets its first here.
        let old = self.sealing_key().await?;
        let unfinished = !self.journal.secrets_of_other_keys(&old.id, 1).await?.is_empty();
        let new = if unfinished {
            // An earlier change was killed half-way: finish that one.
            old
        } else if self.file.is_some() {
            let new = Key::make(&self.randomness);
            let ring = self.reload()?;
            let keys = std::iter::once(new.clone()).chain(ring.0).collect();
            self.keep(KeyRing(keys))?;
            new
        } else {
            let first = self.ring().0.first().cloned();
            first.filter(|first| first.id != old.id).ok_or(KeyError::SameKey)?
        };
        let seal_with = TrustChange::SealWith { key_id: new.id.clone() };
        if self.journal.change_trust(&[seal_with], &[]).await? != Applied::Done {
            return Err(TrustError::Conflict { what: "the key of the secrets" });
        }
        let mut renewed = 0;
        loop {
            let batch = self.journal.secrets_of_other_keys(&new.id, AT_ONCE).await?;
            if batch.is_empty() {
                break;
            }
            for (tenant, stored) in batch {
                let secret = self.unseal(tenant.as_ref(), &stored)?;
                let again = self.sealed(&new, tenant.as_ref(), &stored.name, &secret, stored.changed_at)?;
                // Whoever changed it meanwhile has sealed it with the new key.
                if self.journal.reseal(tenant.as_ref(), &stored, &new.id, &again.body).await? {
                    renewed += 1;
                } else if self.journal.sealing_key().await?.as_ref() != Some(&new.id) {
                    return Err(TrustError::Conflict { what: "the key of the secrets" });
                }
            }
        }
        let (kept, retired): (Vec<Key>, Vec<Key>) = self.ring().0.into_iter().partition(|key| key.id == new.id);
        if self.file.is_some() {
            self.keep(KeyRing(kept))?;
        }
        Ok(Rotation { key: new.id, renewed, retired: retired.into_iter().map(|key| key.id).collect() })
    }

    /// How many secrets can be opened, and what is wrong with the others, one sentence each.
    pub async fn examine(&self) -> Result<(u64, Vec<String>), TrustError> {
        let (mut sound, mut faults) = (0, Vec::new());
        // No secret has this key: it asks for all of them.
        let all = self.journal.secrets_of_other_keys("", u32::MAX).await?;
        for (tenant, stored) in all {
            match self.unseal(tenant.as_ref(), &stored) {
                Ok(_) => sound += 1,
                Err(error) => {
                    let tenant = tenant.as_ref().map_or("the store", TenantId::as_str);
                    faults.push(format!("the secret {} of {tenant}: {error}", stored.name));
                }
            }
        }
        Ok((sound, faults))
    }

    fn sealed(
        &self,
        key: &Key,
        tenant: Option<&TenantId>,
        name: &str,
        secret: &Secret,
        now: Instant,
    ) -> Result<StoredSecret, KeyError> {
        let nonce = self.randomness.bytes();
        let body = seal(key, tenant.map_or("", TenantId::as_str), name, nonce, secret.show())?;
        Ok(StoredSecret { name: name.to_owned(), key_id: key.id.clone(), body, changed_at: now })
    }

    fn unseal(&self, tenant: Option<&TenantId>, stored: &StoredSecret) -> Result<Secret, KeyError> {
        let key = self.key(key_of(&stored.body)?)?;
        open(&key, tenant.map_or("", TenantId::as_str), &stored.name, &stored.body)
    }

    /// The key that seals now; the first one is made when the first secret comes.
    async fn sealing_key(&self) -> Result<Key, TrustError> {
        if let Some(id) = self.journal.sealing_key().await? {
            return Ok(self.key(&id)?);
        }
        let mut ring = self.ring();
        if ring.0.is_empty() {
            if self.file.is_some() {
                // Somebody may be faster: then theirs is read.
                key_ring::create(&self.path, &KeyRing(vec![Key::make(&self.randomness)]))?;
            }
            ring = self.reload()?;
        }
        let missing = || KeyError::Missing { id: "of the first secret".to_owned(), path: self.path.clone() };
        let key = ring.0.first().cloned().ok_or_else(missing)?;
        match self.journal.change_trust(&[TrustChange::SealWith { key_id: key.id.clone() }], &[]).await? {
            Applied::Done => Ok(key),
            Applied::Refused(_) => Err(TrustError::Conflict { what: "the key of the secrets" }),
        }
    }

    /// A key by its id; one that is not known yet may have come into the file since it was read.
    fn key(&self, id: &str) -> Result<Key, KeyError> {
        if let Some(key) = self.ring().find(id) {
            return Ok(key.clone());
        }
        let missing = || KeyError::Missing { id: id.to_owned(), path: self.path.clone() };
        self.reload()?.find(id).cloned().ok_or_else(missing)
    }

    fn ring(&self) -> KeyRing {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn reload(&self) -> Result<KeyRing, KeyError> {
        let Some(path) = &self.file else { return Ok(self.ring()) };
        let ring = key_ring::read(path)?;
        self.ring.write().unwrap_or_else(PoisonError::into_inner).clone_from(&ring);
        Ok(ring)
    }

    fn keep(&self, ring: KeyRing) -> Result<(), KeyError> {
        key_ring::replace(&self.path, &ring)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(seed: u64) -> Key {
        Key::make(&Randomness::seeded(seed))
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again_in_its_own_place_only(
            secret in proptest::collection::vec(any::<u8>(), 0..200),
            tenant in "[a-z]{0,8}", name in "[a-z/]{0,8}", nonce: [u8; NONCE], seed: u64,
        ) {
            let body = seal(&key(seed), &tenant, &name, nonce, &secret).unwrap();
            let opened = open(&key(seed), &tenant, &name, &body).unwrap();
            prop_assert_eq!(opened.show(), &secret[..]);
            let (other_tenant, other_name) = (format!("{tenant}x"), format!("x{name}"));
            prop_assert!(open(&key(seed), &other_tenant, &name, &body).is_err());
            prop_assert!(open(&key(seed), &tenant, &other_name, &body).is_err());
            prop_assert!(open(&key(seed.wrapping_add(1)), &tenant, &name, &body).is_err());
            let same_name = Key { id: key(seed).id, bytes: key(seed.wrapping_add(1)).bytes };
            prop_assert!(open(&same_name, &tenant, &name, &body).is_err());
            // A letter cannot wander from the name into the tenant.
            if let Some(first) = name.chars().next() {
                let longer = format!("{tenant}{first}");
                prop_assert!(open(&key(seed), &longer, &name[1..], &body).is_err());
            }
        }

        #[test]
        fn one_changed_bit_anywhere_is_noticed(secret in proptest::collection::vec(any::<u8>(), 0..40), at: usize, bit in 0..8_u32) {
            let mut body = seal(&key(1), "tea", "totp/1", [3; NONCE], &secret).unwrap();
            let at = at % body.len();
            body[at] ^= 1_u8 << bit;
            prop_assert!(open(&key(1), "tea", "totp/1", &body).is_err());
        }

        #[test]
        fn noise_is_no_secret(body in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(open(&key(1), "tea", "totp/1", &body).is_err());
        }
    }
}
