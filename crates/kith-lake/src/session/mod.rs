//! A session: one tenant's touches and records as tables, as of one instant, and how to ask them.

mod ask;
mod calendar;
mod cold;
mod contact;
mod export;
mod hot;
mod kept;
mod sheet;
mod tables;
mod timeline;

use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::datasource::MemTable;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::{ScalarUDF, col};
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use kith_core::{
    Account, Calendar, Campaign, Case, Consent, ContactId, Cost, Currency, IdentityId, Insight, Instant, Placement, Post,
    TenantId, Touch,
};

use crate::fault::may_lie_in_a_file;
use crate::questions::register_views;
use crate::rows::asked_batch;
use crate::{Fault, FileFault, Lake, LakeError, LakeFile};

pub(crate) use calendar::Clock;
use calendar::{CutInto, Part};
use cold::ColdTouches;
use contact::ContactOf;
pub(crate) use kept::Kept;
pub(crate) use timeline::pages;

pub use ask::{Row, Value};
pub use export::ExportFormat;
pub use sheet::{Cell, Sheet};

/// Everything a session may see of one tenant: the catalogue's files, the touches not yet in files, and the records.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub tenant: TenantId,
    pub calendar: Calendar,
    pub currency: Currency,
    /// When the snapshot was taken: answers say it, and questions take it for "now".
    pub as_of: Instant,
    /// The catalogue's files of this tenant, each with its hidden rows.
    pub files: Vec<LakeFile>,
    /// Touches that came by call and are not yet in files.
    pub hot: Vec<Touch>,
    /// The contact of each identity that was merged; any other identity is its own contact.
    pub contacts: Vec<(IdentityId, ContactId)>,
    pub posts: Vec<Post>,
    pub insights: Vec<Insight>,
    pub costs: Vec<Cost>,
    pub cases: Vec<Case>,
    pub placements: Vec<Placement>,
    pub campaigns: Vec<Campaign>,
    pub accounts: Vec<Account>,
    pub consents: Vec<Consent>,
}

impl Snapshot {
    /// A tenant of whom nothing is known yet.
    #[must_use]
    pub const fn new(tenant: TenantId, calendar: Calendar, currency: Currency, as_of: Instant) -> Self {
        Self {
            tenant,
            calendar,
            currency,
            as_of,
            files: Vec::new(),
            hot: Vec::new(),
            contacts: Vec::new(),
            posts: Vec::new(),
            insights: Vec::new(),
            costs: Vec::new(),
            cases: Vec::new(),
            placements: Vec::new(),
            campaigns: Vec::new(),
            accounts: Vec::new(),
            consents: Vec::new(),
        }
    }
}

/// Answers questions about one [`Snapshot`].
///
/// Tables: `touches` (each event once; `contact` is who stands behind `identity`), `posts`, `insights`, `costs`, `cases`,
/// `campaigns`, `placements`, `accounts`, `consents`. Views: `orders` (each put together from its parts), `contacts`, `daily`. Functions: `day_of(at)`, `week_of(at)` (its Monday), `month_of(at)` (its first
/// day) in the tenant's calendar, and `contact_of(identity)`.
pub struct Session {
    lake: Lake,
    tenant: TenantId,
    calendar: Calendar,
    currency: Currency,
    as_of: Instant,
    /// With the rows hidden that a touch not yet in a file stands in front of.
    files: Arc<Vec<LakeFile>>,
    hot: Vec<Touch>,
    context: SessionContext,
}

impl Lake {
    /// Opens a session. Reads only what it must to tell which hot touches are already in a file.
    pub fn session(&self, snapshot: Snapshot) -> Result<Session, LakeError> {
        let Snapshot { tenant, calendar, currency, as_of, files, hot, contacts, .. } = &snapshot;
        let engine = |source| LakeError::query("the tables", source);
        let (files, hot) = self.shadowed(files.clone(), hot.clone())?;
        let files = Arc::new(files);
        let context = self.context();
        let contact = ScalarUDF::from(ContactOf::new(contacts));
        context.register_udf(contact.clone());
        let offsets = self.inner.clock.offsets(*calendar);
        for part in [Part::Day, Part::Week, Part::Month] {
            context.register_udf(ScalarUDF::from(CutInto::new(part, Arc::clone(&offsets))));
        }
        let mut touches = context.read_table(Arc::new(ColdTouches::new(self.clone(), Arc::clone(&files)))).map_err(engine)?;
        if !hot.is_empty() {
            let batch = asked_batch(&hot)?;
            let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(engine)?;
            let hot = context.read_table(Arc::new(table)).map_err(engine)?;
            touches = touches.union(hot).map_err(engine)?;
        }
        let who = if contacts.is_empty() { col("identity") } else { contact.call(vec![col("identity")]) };
        let touches = touches.with_column("contact", who.clone()).map_err(engine)?;
        register(&context, "touches", touches).map_err(engine)?;
        for (name, batch) in tables::tables(&snapshot)? {
            let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(engine)?;
            let mut table = context.read_table(Arc::new(table)).map_err(engine)?;
            if table.schema().has_column_with_unqualified_name("identity") {
                table = table.with_column("contact", who.clone()).map_err(engine)?;
            }
            register(&context, name, table).map_err(engine)?;
        }
        register_views(&context).map_err(engine)?;
        let (tenant, calendar, currency, as_of) = (tenant.clone(), *calendar, *currency, *as_of);
        Ok(Session { lake: self.clone(), tenant, calendar, currency, as_of, files, hot, context })
    }

    /// The one place that opens the engine; a cluster would be opened here instead.
    fn context(&self) -> SessionContext {
        let mut config = SessionConfig::new()
            .with_target_partitions(self.inner.options.threads)
            .with_information_schema(true)
            .with_create_default_catalog_and_schema(true);
        let options = config.options_mut();
        options.execution.parquet.pushdown_filters = true;
        options.execution.parquet.reorder_filters = true;
        options.execution.parquet.bloom_filter_on_read = true;
        options.execution.collect_statistics = false;
        options.sql_parser.enable_ident_normalization = true;
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(Arc::clone(&self.inner.runtime))
            .with_default_features()
            .build();
        SessionContext::new_with_state(state)
    }
}

fn register(context: &SessionContext, name: &str, table: DataFrame) -> Result<(), DataFusionError> {
    context.register_table(name, table.into_view()).map(|_| ())
}

impl Session {
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    #[must_use]
    pub const fn calendar(&self) -> Calendar {
        self.calendar
    }

    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// When the snapshot was taken.
    #[must_use]
    pub const fn as_of(&self) -> Instant {
        self.as_of
    }

    /// What stopped the engine while it answered `what`. Where it may be a damaged file, which the engine does not name, every file
    /// that it may have read is compared with what the catalogue says of it: only after such a failure, so it may take its time.
    pub(crate) fn failed(&self, what: &str, source: DataFusionError) -> LakeError {
        let suspicious = may_lie_in_a_file(&source);
        match LakeError::query(what, source) {
            LakeError::Query { what, source } if suspicious => match self.lake.first_fault(&self.files) {
                Some(FileFault { path, what: Fault::Missing }) => LakeError::MissingFile(path),
                Some(FileFault { path, what: why }) => LakeError::CorruptFile { path, why: why.to_string() },
                None => LakeError::Query { what, source },
            },
            other => other,
        }
    }

    /// How many touches the session sees, from the catalogue alone.
    #[must_use]
    pub fn touches(&self) -> u64 {
        self.files.iter().map(LakeFile::visible_rows).sum::<u64>() + self.hot.len() as u64
    }
}

#[cfg(test)]
mod tests;
