//! What is live: a page that listens hears that something of its tenant has changed, and how far imports are.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::stream::{self, StreamExt};
use kith_core::TenantId;
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use super::door::Door;
use super::job::Job;

/// Something that listeners of a tenant are told.
#[derive(Debug, Clone)]
pub enum News {
    /// Something changed: what was read before may be old.
    Store { generation: String },
    /// An import has gone on.
    Job(Box<Job>),
}

#[derive(Serialize)]
struct StoreNews<'a> {
    generation: &'a str,
}

/// Who tells and who listens.
pub struct Live {
    sender: broadcast::Sender<(TenantId, News)>,
}

impl Live {
    pub fn new() -> Self {
        Self { sender: broadcast::channel(256).0 }
    }

    pub fn tell(&self, tenant: &TenantId, news: News) {
        // Nobody listening is no fault.
        let _ = self.sender.send((tenant.clone(), news));
    }

    fn listen(&self) -> broadcast::Receiver<(TenantId, News)> {
        self.sender.subscribe()
    }
}

/// Ends a stream when the server stops, so that it can.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    // The sender lives as long as the server: an error means that it has gone.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).json_data(data).unwrap_or_default()
}

/// Counts a listener as long as it lives.
struct Listening(Door);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.metrics().listeners.dec();
    }
}

/// All news of a tenant, from now on.
pub fn news(door: &Door, tenant: TenantId) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    door.metrics().listeners.inc();
    let first = event("store", &StoreNews { generation: &door.generation(&tenant) });
    let state = (door.live().listen(), tenant, Listening(door.clone()));
    let later = stream::unfold(state, |(mut receiver, tenant, listening)| async move {
        loop {
            let told = match receiver.recv().await {
                Ok((whose, News::Store { generation })) if whose == tenant => {
                    event("store", &StoreNews { generation: &generation })
                }
                Ok((whose, News::Job(job))) if whose == tenant => event("job", &*job),
                Ok(_) => continue,
                // Too slow to hear everything: it reads again what there is now.
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    event("store", &StoreNews { generation: &listening.0.generation(&tenant) })
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            return Some((Ok(told), (receiver, tenant, listening)));
        }
    });
    let all = stream::once(async { Ok(first) }).chain(later).take_until(stopped(door.stopping()));
    Sse::new(all).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// How far one job is, until it ends.
pub fn progress(door: &Door, job: watch::Receiver<Job>) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let steps = stream::unfold((job, true, false), |(mut job, first, ended)| async move {
        if ended || (!first && job.changed().await.is_err()) {
            return None;
        }
        let now = job.borrow_and_update().clone();
        let ended = now.is_over();
        Some((Ok(event("progress", &now)), (job, false, ended)))
    });
    Sse::new(steps.take_until(stopped(door.stopping()))).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
