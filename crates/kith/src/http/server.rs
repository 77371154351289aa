//! Starts the server and stops it: listens, answers, ends its streams, finishes what is under way, closes the store.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Router, middleware};
use kith_desk::Store;
use kith_desk::trust::{Randomness, Trust};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use super::door::Door;
use super::problem::{Code, Fault};
use super::{access, guard, log, openapi, problem, routes, web};

/// A body that is no file and no batch of touches.
const MOST_JSON: usize = 1024 * 1024;

/// How long work under way may take when the server stops.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that listens and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    router: Router,
    door: Door,
    /// What a person needs to sign in for the first time.
    pub first: Option<FirstSignIn>,
    pub address: SocketAddr,
}

pub struct FirstSignIn {
    pub login: String,
    pub password: String,
}

/// Opens the server over a store that this process may write.
pub async fn open(store: Store, listen: SocketAddr, environment: fn(&str) -> Option<String>) -> anyhow::Result<Server> {
    let trust = Trust::open(&store, environment, Randomness::system()).await?;
    let (routes, document) = openapi::routes_and_document();
    let needs = openapi::needs(&document)?;
    let door = Door::new(store, trust, needs)?;
    let first = door.trust().begin_serving(door.now()).await?;
    let first =
        first.map(|first| FirstSignIn { login: first.login.as_str().to_owned(), password: first.password.show().to_owned() });
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("could not listen on {listen}: is another Kith running? choose another address with --listen")
    })?;
    let address = listener.local_addr().context("the address that is listened on")?;
    let document = serde_json::to_string(&document).context("the API document")?;
    let router = router(&door, routes, document);
    Ok(Server { listener, router, door, first, address })
}

fn router(door: &Door, routes: Router<Door>, document: String) -> Router {
    let document = move || {
        let document = document.clone();
        async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], document) }
    };
    // Pictures of figures are text and shrink well; files and streams go as they are.
    let shrink = SizeAbove::new(1_024)
        .and(NotForContentType::new("text/event-stream"))
        .and(NotForContentType::new("application/octet-stream"))
        .and(NotForContentType::new("application/vnd.apache.parquet"));
    Router::new()
        .merge(routes)
        .route(&format!("{}/openapi.json", openapi::BASE), get(document))
        .route("/metrics", get(routes::machines::metrics))
        .fallback(web::serve)
        .method_not_allowed_fallback(|| async { Fault::new(Code::Method) })
        .layer(DefaultBodyLimit::max(MOST_JSON))
        .layer(from_fn_with_state(door.clone(), access::keep))
        .layer(CatchPanicLayer::custom(broke))
        .layer(middleware::from_fn(problem::tell))
        .layer(CompressionLayer::new().compress_when(shrink))
        .layer(from_fn_with_state(door.clone(), guard::guard))
        .layer(from_fn_with_state(door.clone(), log::observe))
        .with_state(door.clone())
}

/// A handler broke down: the asker is told so, the log what it said, and the server goes on.
fn broke(said: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse;
    let said = said
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| said.downcast_ref::<&str>().map(|said| (*said).to_owned()))
        .unwrap_or_default();
    tracing::error!(said, "a handler broke down: please report it");
    Fault::new(Code::Internal).into_response()
}

impl Server {
    /// The address as a person types it.
    pub fn url(&self) -> String {
        let host = if self.address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { self.address.ip().to_string() };
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        format!("http://{host}:{}", self.address.port())
    }

    /// Answers until `stop` comes; then takes no more, ends its streams, and finishes what is under way.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let Self { listener, router, door, .. } = self;
        let (behind, housekeeper) = (door.clone(), door.clone());
        let housekeeping = tokio::spawn(async move { keep_house(&housekeeper).await });
        let stopped = async move {
            stop.await;
            tracing::info!("stopping: what is under way is finished first");
            behind.stop();
        };
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(listener, service).with_graceful_shutdown(stopped);
        // A client that never ends its request does not keep the server.
        let mut stopping = door.stopping();
        tokio::select! {
            served = served => served.context("the server broke down")?,
            () = async {
                let _ = stopping.wait_for(|stopping| *stopping).await;
                tokio::time::sleep(PATIENCE).await;
            } => tracing::warn!("requests were still open when the server stopped"),
        }
        housekeeping.abort();
        door.finish_work(PATIENCE).await;
        door.store().journal.close().await;
        Ok(())
    }
}

/// Once in a while: forgets what is over.
async fn keep_house(door: &Door) {
    loop {
        if let Err(error) = door.uploads().sweep(door.now()).await {
            tracing::warn!(%error, "could not sweep old uploads");
        }
        if let Err(error) = door.trust().forget_expired(door.now()).await {
            tracing::warn!(error = %problem::chain(&error), "could not forget what has expired");
        }
        door.limits().forget();
        tokio::time::sleep(Duration::from_secs(3_600)).await;
    }
}

/// Ends when the process is told to stop: by Ctrl-C, or by whoever started it.
pub async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
