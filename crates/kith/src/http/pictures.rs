//! The pictures that are kept: one a tenant, opened anew when something of the tenant has changed or it has become old.
//!
//! This process is the only one that writes to the store, so a count of what it changed says whether a picture still holds. With a picture
//! go the answers that were made of it: the same question is computed once, however many people ask it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use kith_core::{Instant, Language, Tenant, TenantId};
use kith_desk::today::Morning;
use kith_desk::{Picture, Store};
use tokio::sync::OnceCell;

use super::problem::Fault;

/// Questions take the picture's instant for now, so one that is older than this says an old time.
const OLDEST: Duration = Duration::from_secs(300);

/// So many different answers are kept with a picture.
const MOST_ANSWERS: usize = 2_000;

/// An answer as it was sent, to be sent again.
#[derive(Debug, Clone)]
pub struct Kept {
    pub bytes: Arc<[u8]>,
    pub kind: &'static str,
}

/// A picture with the answers that were made of it.
pub struct Shown {
    pub picture: Picture,
    /// Names this picture among all of this process.
    pub tag: String,
    generation: u64,
    opened: Clock,
    answers: Mutex<HashMap<String, Arc<OnceCell<Kept>>>>,
    mornings: [OnceCell<Morning>; 4],
}

/// In which form a morning is kept.
#[derive(Debug, Clone, Copy)]
pub struct MorningForm {
    pub language: Language,
    /// Lines of evidence: a few, or all.
    pub whole: bool,
}

impl Shown {
    /// The morning, decided when it is first asked for. What somebody has done of it is no part of it.
    pub async fn morning<F>(&self, form: MorningForm, decide: impl FnOnce() -> F) -> Result<Morning, Fault>
    where
        F: Future<Output = Result<Morning, Fault>>,
    {
        let place = usize::from(form.language == Language::Zh) * 2 + usize::from(form.whole);
        self.mornings[place].get_or_try_init(decide).await.cloned()
    }

    /// The answer kept under `key`, made if nobody has asked for it yet. Who asks while it is being made waits for it.
    pub async fn answer<F>(&self, key: String, make: impl FnOnce() -> F) -> Result<Kept, Fault>
    where
        F: Future<Output = Result<Kept, Fault>>,
    {
        let cell = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            if answers.len() >= MOST_ANSWERS {
                answers.clear();
            }
            Arc::clone(answers.entry(key).or_default())
        };
        cell.get_or_try_init(make).await.cloned()
    }
}

#[derive(Default)]
struct Slot {
    /// Goes up with every change.
    generation: AtomicU64,
    shown: tokio::sync::Mutex<Option<Arc<Shown>>>,
}

/// The pictures of all tenants.
pub struct Pictures {
    /// Tells the pictures of one process from those of the one before.
    process: String,
    slots: Mutex<HashMap<TenantId, Arc<Slot>>>,
}

impl Pictures {
    pub fn new() -> Self {
        Self { process: super::random::token()[..8].to_owned(), slots: Mutex::default() }
    }

    fn slot(&self, tenant: &TenantId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(tenant.clone()).or_default())
    }

    /// Something of the tenant has changed; its new generation.
    pub fn changed(&self, tenant: &TenantId) -> String {
        let generation = self.slot(tenant).generation.fetch_add(1, Ordering::SeqCst) + 1;
        format!("{}-{generation}", self.process)
    }

    /// How often something of the tenant has changed.
    pub fn generation(&self, tenant: &TenantId) -> String {
        format!("{}-{}", self.process, self.slot(tenant).generation.load(Ordering::SeqCst))
    }

    /// The picture of a tenant as it is now.
    pub async fn of(&self, store: &Store, tenant: &Tenant, now: Instant, opened: impl FnOnce()) -> Result<Arc<Shown>, Fault> {
        let slot = self.slot(&tenant.id);
        let mut shown = slot.shown.lock().await;
        // Read before the picture is opened: what changes meanwhile makes it old.
        let generation = slot.generation.load(Ordering::SeqCst);
        if let Some(kept) = shown.as_ref()
            && kept.generation == generation
            && kept.opened.elapsed() < OLDEST
        {
            return Ok(Arc::clone(kept));
        }
        opened();
        let picture = store.picture(tenant, now).await?;
        let tag = format!("{}-{generation}-{}", self.process, now.micros());
        let fresh = Arc::new(Shown {
            picture,
            tag,
            generation,
            opened: Clock::now(),
            answers: Mutex::default(),
            mornings: Default::default(),
        });
        *shown = Some(Arc::clone(&fresh));
        Ok(fresh)
    }
}
