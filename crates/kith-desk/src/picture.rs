//! All that is known of a tenant at one moment, opened once and asked many times.
//!
//! Opening reads the journal's small tables; whoever asks often (a server) keeps the picture until the store has changed.

use std::collections::{BTreeMap, HashMap};

use kith_core::{Case, Consent, ContactId, Insight, Instant, LifecycleRules, Post, Tenant};
use kith_lake::{LakeError, Session};
use tokio::sync::OnceCell;

use crate::audience::{Contacts, Roll};
use crate::store::{Store, StoreError};

/// A session over a tenant's touches, and beside it what single pages ask for again and again.
pub struct Picture {
    pub session: Session,
    pub contacts: Contacts,
    /// By channel and the channel's own id.
    pub posts: HashMap<(String, String), Post>,
    /// The platforms' latest counts of each post, by the same key, then by what is counted.
    pub counts: HashMap<(String, String), BTreeMap<String, f64>>,
    pub cases: HashMap<ContactId, Vec<Case>>,
    pub consents: HashMap<ContactId, Vec<Consent>>,
    roll: OnceCell<Roll>,
}

impl Picture {
    /// Every contact with its stage; computed when it is first asked for.
    pub async fn roll(&self, rules: LifecycleRules) -> Result<&Roll, LakeError> {
        self.roll.get_or_try_init(|| Roll::of(&self.session, rules)).await
    }
}

impl Store {
    /// Everything as the journal has it now; what is asked of the picture afterwards sees no later change.
    pub async fn picture(&self, tenant: &Tenant, as_of: Instant) -> Result<Picture, StoreError> {
        let snapshot = self.snapshot(tenant, as_of).await?;
        let contacts = Contacts::from_pairs(&snapshot.contacts);
        let posts = snapshot.posts.iter().map(|post| ((post.channel.to_string(), post.external.clone()), post.clone())).collect();
        let mut cases: HashMap<ContactId, Vec<Case>> = HashMap::new();
        for case in &snapshot.cases {
            if let Some(identity) = case.identity {
                cases.entry(contacts.contact(identity)).or_default().push(case.clone());
            }
        }
        let mut consents: HashMap<ContactId, Vec<Consent>> = HashMap::new();
        for consent in &snapshot.consents {
            consents.entry(contacts.contact(consent.identity)).or_default().push(consent.clone());
        }
        let counts = latest_counts(&snapshot.insights);
        Ok(Picture { session: self.lake.session(snapshot)?, contacts, posts, counts, cases, consents, roll: OnceCell::new() })
    }
}

/// Of each running total the latest; of daily counts the sum.
fn latest_counts(insights: &[Insight]) -> HashMap<(String, String), BTreeMap<String, f64>> {
    let mut sorted: Vec<(&Insight, &String)> =
        insights.iter().filter_map(|insight| insight.post.as_ref().map(|post| (insight, post))).collect();
    sorted.sort_by_key(|(insight, _)| insight.at);
    let mut counts: HashMap<(String, String), BTreeMap<String, f64>> = HashMap::new();
    for (insight, post) in sorted {
        let of_post = counts.entry((insight.channel.to_string(), post.clone())).or_default();
        let count = of_post.entry(insight.metric.to_string()).or_default();
        if insight.daily { *count += insight.value } else { *count = insight.value }
    }
    counts
}
