//! Opens a session over all that a tenant knows: files, hot touches, and the small tables beside them.

use kith_core::{Instant, Record, RecordKind, Tenant};
use kith_lake::{Session, Snapshot};

use crate::identity::merges;
use crate::listen::catalogue::lake_file;
use crate::store::{Store, StoreError};

impl Store {
    /// Everything as the journal has it now; what is asked of the session afterwards sees no later change.
    pub async fn session(&self, tenant: &Tenant, as_of: Instant) -> Result<Session, StoreError> {
        Ok(self.lake.session(self.snapshot(tenant, as_of).await?)?)
    }

    pub(crate) async fn snapshot(&self, tenant: &Tenant, as_of: Instant) -> Result<Snapshot, StoreError> {
        let id = &tenant.id;
        // Hot first: a compaction between the two readings shows a touch in both places, and the session drops it in one.
        let hot = self.journal.hot(id).await?;
        let catalogue = self.journal.catalogue(id).await?;
        let files = catalogue.files.iter().map(lake_file).collect::<Result<Vec<_>, _>>()?;
        let mut snapshot = Snapshot {
            tenant: id.clone(),
            calendar: tenant.calendar,
            currency: tenant.currency,
            as_of,
            files,
            hot,
            contacts: merges::contacts(self, tenant).await?,
            posts: Vec::new(),
            insights: Vec::new(),
            costs: Vec::new(),
            cases: Vec::new(),
            placements: self.journal.placements(id).await?,
            campaigns: self.journal.campaigns(id).await?,
            accounts: self.journal.accounts(id).await?,
            consents: Vec::new(),
        };
        for kind in [RecordKind::Post, RecordKind::Insight, RecordKind::Cost, RecordKind::Case, RecordKind::Consent] {
            for record in self.journal.records(id, kind).await? {
                match record {
                    Record::Post(post) => snapshot.posts.push(post),
                    Record::Insight(insight) => snapshot.insights.push(insight),
                    Record::Cost { cost, .. } => snapshot.costs.push(cost),
                    Record::Case(case) => snapshot.cases.push(case),
                    Record::Consent(consent) => snapshot.consents.push(consent),
                    Record::Profile { .. } => {}
                }
            }
        }
        Ok(snapshot)
    }
}
