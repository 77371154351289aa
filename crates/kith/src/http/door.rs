//! What every handler has at hand: the store, who may do what, the pictures, and the work that goes on behind the answers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kith_core::{Instant, Tenant, TenantId};
use kith_desk::trust::Trust;
use kith_desk::{ServerConfig, Store};
use serde::Serialize;
use tokio::sync::{MutexGuard, watch};
use tokio::task::JoinSet;

use super::access::Asker;
use super::job::Jobs;
use super::limit::Limits;
use super::live::{Live, News};
use super::metrics::Metrics;
use super::need::Needs;
use super::pictures::{Kept, Pictures, Shown};
use super::problem::{Code, Fault};
use super::upload::Uploads;

/// Shared by all requests; cloning it is cheap.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    store: Store,
    trust: Trust,
    pictures: Pictures,
    live: Live,
    metrics: Metrics,
    limits: Limits,
    needs: Needs,
    jobs: Jobs,
    uploads: Uploads,
    /// Held by whoever changes which files there are or which merges stand: one at a time.
    writing: tokio::sync::Mutex<()>,
    work: Mutex<JoinSet<()>>,
    stopping: watch::Sender<bool>,
}

impl Door {
    pub fn new(store: Store, trust: Trust, needs: Needs) -> anyhow::Result<Self> {
        let config = store.config.server;
        let uploads = Uploads::open(&store.folder, &config).context("could not make the folder for uploads")?;
        Ok(Self(Arc::new(Inner {
            store,
            trust,
            pictures: Pictures::new(),
            live: Live::new(),
            metrics: Metrics::new(),
            limits: Limits::new(&config),
            needs,
            jobs: Jobs::default(),
            uploads,
            writing: tokio::sync::Mutex::new(()),
            work: Mutex::default(),
            stopping: watch::channel(false).0,
        })))
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn trust(&self) -> &Trust {
        &self.0.trust
    }

    pub fn config(&self) -> &ServerConfig {
        &self.0.store.config.server
    }

    pub fn live(&self) -> &Live {
        &self.0.live
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub fn needs(&self) -> &Needs {
        &self.0.needs
    }

    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    pub fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// The clock of this machine.
    pub fn now(&self) -> Instant {
        Instant::from_datetime(chrono::Utc::now()).unwrap_or(Instant::EARLIEST)
    }

    /// The business with this id, as it is now.
    pub async fn tenant(&self, id: &TenantId) -> Result<Tenant, Fault> {
        self.store().journal.tenant(id).await?.ok_or_else(|| Fault::new(Code::NotFound))
    }

    /// Waits for one's turn to change files or merges.
    pub async fn writing(&self) -> MutexGuard<'_, ()> {
        self.0.writing.lock().await
    }

    /// All that is known of a tenant now.
    pub async fn picture(&self, tenant: &Tenant) -> Result<Arc<Shown>, Fault> {
        let opened = || {
            self.metrics().pictures.inc();
        };
        self.0.pictures.of(self.store(), tenant, self.now(), opened).await
    }

    /// Something of the tenant has changed: what was read before is old.
    pub fn changed(&self, tenant: &TenantId) {
        let generation = self.0.pictures.changed(tenant);
        self.live().tell(tenant, News::Store { generation });
    }

    pub fn generation(&self, tenant: &TenantId) -> String {
        self.0.pictures.generation(tenant)
    }

    /// Does something behind the answers; the server does not stop before it is done.
    pub fn work(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.0.work.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// Waits until all work behind the answers is done, at most so long.
    pub async fn finish_work(&self, patience: Duration) {
        let mut tasks = std::mem::take(&mut *self.0.work.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("work was still under way when the server stopped: the next start puts it right");
        }
    }

    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    /// From now on streams end and nothing new is begun.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Answers from the picture of the asker's tenant: what was made of it once is sent again, and a reader who has it already is told so.
    pub async fn with_picture<T, F>(
        &self,
        asker: &Asker,
        headers: &HeaderMap,
        key: &str,
        make: impl FnOnce(Arc<Shown>) -> F,
    ) -> Result<Response, Fault>
    where
        T: Serialize,
        F: Future<Output = Result<T, Fault>>,
    {
        let shown = self.picture(&asker.tenant).await?;
        // Whoever sees people masked must not get what was made for somebody who sees them.
        let key = format!("{key}|{}|{}", asker.language.as_str(), asker.sees_people());
        let tag = format!("W/\"{}-{}\"", shown.tag, short_digest(&key));
        if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
            return Ok((StatusCode::NOT_MODIFIED, tagged(&tag)).into_response());
        }
        let picture = Arc::clone(&shown);
        let kept = shown
            .answer(key, || async {
                let bytes = serde_json::to_vec(&make(picture).await?).map_err(Fault::internal)?;
                Ok(Kept { bytes: bytes.into(), kind: "application/json" })
            })
            .await?;
        Ok((tagged(&tag), [(header::CONTENT_TYPE, kept.kind)], kept.bytes.to_vec()).into_response())
    }
}

fn tagged(tag: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Authorization, Accept, Accept-Language, Kith-Language"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers
}

fn short_digest(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A JSON answer that no cache may keep.
pub fn fresh<T: Serialize>(status: StatusCode, body: T) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
