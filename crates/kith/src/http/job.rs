//! Imports that go on behind the answers: started, watched, and done whether or not anybody still looks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant as Clock;

use kith_core::{ImportId, Instant, Language, Tenant, TenantId};
use kith_desk::listen::{self, ImportReport, Opened};
use kith_desk::trust::{AuditAction, Caller};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::door::Door;
use super::live::News;
use super::problem::{Fault, Problem};
use super::upload::Note;

/// An import under way, or what came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Job {
    pub job: String,
    pub upload: String,
    pub file: String,
    /// waiting, reading, done or failed.
    pub state: String,
    pub rows: u64,
    pub bytes: u64,
    /// Null where it cannot be known beforehand.
    pub bytes_total: Option<u64>,
    pub rows_per_second: u64,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Instant>,
    /// The number of the import, once it counts.
    pub import: Option<i64>,
    pub report: Option<Report>,
    pub problem: Option<Problem>,
}

/// What an import did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Report {
    pub import: i64,
    pub file: String,
    pub rows: u64,
    pub touches: u64,
    /// Touches that were known already, or stood twice in the file: counted once.
    pub duplicates: u64,
    pub records: u64,
    pub identities: u64,
    pub passed_over: u64,
    pub refused: u64,
    /// The first refusals; all of them stand in the file of refused rows.
    pub refusals: Vec<Refusal>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Instant>,
}

/// A row that could not be read, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Refusal {
    pub row: u64,
    pub column: String,
    pub value: String,
    pub reason: String,
}

impl From<&kith_core::Refusal> for Refusal {
    fn from(refusal: &kith_core::Refusal) -> Self {
        Self {
            row: refusal.row,
            column: refusal.column.clone(),
            value: refusal.value.chars().take(500).collect(),
            reason: refusal.reason.clone(),
        }
    }
}

impl From<&ImportReport> for Report {
    fn from(report: &ImportReport) -> Self {
        Self {
            import: report.import,
            file: report.file.clone(),
            rows: report.rows,
            touches: report.touches,
            duplicates: report.duplicates,
            records: report.records,
            identities: report.identities,
            passed_over: report.passed_over,
            refused: report.refused,
            refusals: report.refusals.iter().map(Refusal::from).collect(),
            first_at: report.first_at,
            last_at: report.last_at,
        }
    }
}

impl Job {
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed")
    }
}

/// The jobs of this process.
#[derive(Default)]
pub struct Jobs {
    all: Mutex<BTreeMap<String, (TenantId, watch::Sender<Job>)>>,
}

/// A job that is over is shown for so long.
const SHOWN_S: i64 = 86_400;

/// What an import starts from.
pub struct Start {
    pub note: Note,
    pub opened: Opened,
    pub tenant: Arc<Tenant>,
    pub caller: Arc<Caller>,
    pub language: Language,
    /// Under which name the mapping is kept.
    pub save_mapping: Option<String>,
    /// The import whose refused rows this file puts right.
    pub corrects: Option<i64>,
}

impl Jobs {
    /// The jobs of a tenant, the newest first.
    pub fn list(&self, tenant: &TenantId, now: Instant) -> Vec<Job> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, job)| job.borrow().ended_at.is_none_or(|ended| ended.plus_seconds(SHOWN_S) > now));
        let own = all.values().filter(|(whose, _)| whose == tenant);
        let mut jobs: Vec<Job> = own.map(|(_, job)| job.borrow().clone()).collect();
        jobs.sort_by_key(|job| std::cmp::Reverse(job.started_at));
        jobs
    }

    pub fn watch(&self, tenant: &TenantId, id: &str) -> Option<watch::Receiver<Job>> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(id).filter(|(whose, _)| whose == tenant).map(|(_, job)| job.subscribe())
    }

    /// Is this upload being imported?
    pub fn is_busy(&self, upload: &str) -> bool {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().any(|(_, job)| job.borrow().upload == upload && !job.borrow().is_over())
    }

    fn begin(&self, tenant: &TenantId, job: Job) -> watch::Sender<Job> {
        let (sender, _) = watch::channel(job.clone());
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(job.job, (tenant.clone(), sender.clone()));
        sender
    }
}

/// Starts an import; how it stands at its beginning.
pub fn start(door: &Door, start: Start) -> Job {
    let job = Job {
        job: super::random::token(),
        upload: start.note.id.clone(),
        file: start.note.name.clone(),
        state: "waiting".to_owned(),
        rows: 0,
        bytes: 0,
        bytes_total: None,
        rows_per_second: 0,
        started_at: door.now(),
        ended_at: None,
        import: None,
        report: None,
        problem: None,
    };
    let sender = door.jobs().begin(&start.tenant.id, job.clone());
    let (behind, runtime) = (door.clone(), tokio::runtime::Handle::current());
    let (done, ended) = tokio::sync::oneshot::channel();
    // A thread of its own: an import reads and computes for minutes, and no request shall wait for it.
    let spawned = std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        runtime.block_on(run(&behind, start, &sender));
        // The receiver is gone only when the server has given up waiting.
        let _ = done.send(());
    });
    match spawned {
        Ok(_) => door.work(async {
            let _ = ended.await;
        }),
        Err(error) => tracing::error!(%error, "could not start the thread of an import"),
    }
    job
}

async fn run(door: &Door, start: Start, sender: &watch::Sender<Job>) {
    door.metrics().imports.inc();
    let tenant = Arc::clone(&start.tenant);
    let tell = || door.live().tell(&tenant.id, News::Job(Box::new(sender.borrow().clone())));
    let language = start.language;
    let outcome = read(door, start, sender).await;
    let now = door.now();
    match outcome {
        Ok(report) => sender.send_modify(|job| {
            let report = Report::from(&report);
            (job.import, job.rows) = (Some(report.import), report.rows);
            (job.state, job.report, job.ended_at) = ("done".to_owned(), Some(report), Some(now));
        }),
        Err(fault) => {
            super::problem::log_cause(&fault, "import");
            sender.send_modify(|job| {
                let problem = fault.problem(language, "");
                (job.state, job.problem, job.ended_at) = ("failed".to_owned(), Some(problem), Some(now));
            });
        }
    }
    door.metrics().imports.dec();
    door.changed(&tenant.id);
    tell();
}

async fn read(door: &Door, start: Start, sender: &watch::Sender<Job>) -> Result<ImportReport, Fault> {
    let Start { note, opened, tenant, caller, save_mapping, corrects, .. } = start;
    let mapping = opened.tables.first().map(|table| table.mapping.clone());
    let _turn = door.writing().await;
    let (begun, told) = (Clock::now(), Mutex::new(Clock::now()));
    sender.send_modify(|job| job.state = "reading".to_owned());
    let watch = |progress: listen::ImportProgress| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed().as_millis() < 200 {
            return;
        }
        *told = Clock::now();
        sender.send_modify(|job| {
            (job.rows, job.bytes, job.bytes_total) = (progress.rows, progress.bytes, progress.bytes_total);
            job.rows_per_second = (progress.rows as f64 / begun.elapsed().as_secs_f64().max(0.001)) as u64;
        });
        door.live().tell(&tenant.id, News::Job(Box::new(sender.borrow().clone())));
    };
    let report = listen::import(door.store(), &tenant, opened, door.now(), &watch).await?;
    if let (Some(name), Some(mapping)) = (save_mapping, mapping) {
        listen::save_mapping(door.store(), &tenant, &name, &mapping).await?;
    }
    if let Some(corrects) = corrects {
        door.store().journal.refused_corrected(ImportId(corrects)).await?;
    }
    let details = serde_json::json!({ "rows": report.rows, "touches": report.touches, "refused": report.refused });
    let on = format!("import/{}", report.import);
    door.trust().note(&caller, AuditAction::ImportDone, &on, &details, door.now()).await?;
    // It counts; that its file stays a while longer harms nobody.
    if let Err(fault) = door.uploads().remove(&note).await {
        super::problem::log_cause(&fault, "import");
    }
    Ok(report)
}
