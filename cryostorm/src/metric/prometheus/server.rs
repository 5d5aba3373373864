//! The server that is scraped: small, bounded, and on the export runtime.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::export::{ExportError, ExportRuntime, Pending, Signal};
use crate::settings::PrometheusEndpoint;

use super::reader::{Exposition, PrometheusReader, ScrapeError};

/// The most connections at the same time; more of them wait to be accepted.
const MOST_CONNECTIONS: u32 = 64;
/// The longest that a client takes to send its request.
const REQUEST_LIMIT: Duration = Duration::from_secs(5);
/// The longest that a client takes to read the answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// The longest that shutdown waits for scrapes that are under way.
const GRACE: Duration = Duration::from_secs(1);
/// The wait after a connection could not be accepted, for want of file descriptors say.
const PAUSE: Duration = Duration::from_millis(100);
/// The most bytes of a request, which is a few hundred, and the most headers of it.
const LONGEST_REQUEST: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

const PATH: &str = "/metrics";

/// Answers scrapes until it is closed.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    url: String,
    ends: Mutex<Option<Ends>>,
    /// Keeps the worker running while there is something to answer.
    _runtime: ExportRuntime,
}

/// Tells the server to end, and is told that it has.
#[derive(Debug)]
struct Ends {
    close: oneshot::Sender<()>,
    closed: mpsc::Receiver<()>,
}

impl Server {
    pub(super) fn start(
        endpoint: &PrometheusEndpoint,
        reader: PrometheusReader,
        limit: Duration,
        runtime: ExportRuntime,
    ) -> Result<Self, ListenError> {
        // Bound here, so that a port that is taken is an error of the installation.
        let listener = std::net::TcpListener::bind(endpoint.address())?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = runtime.enter(|| TcpListener::from_std(listener))?;
        let (close, closing) = oneshot::channel();
        let (done, closed) = mpsc::sync_channel(1);
        let scrapes = Arc::new(Scrapes { reader, limit, under_way: tokio::sync::Mutex::default() });
        runtime.spawn(serve(listener, scrapes, closing, done));
        let ends = Mutex::new(Some(Ends { close, closed }));
        Ok(Self { address, url: endpoint.url(), ends, _runtime: runtime })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Frees the port, then lets scrapes that are under way end. A second call does nothing.
    pub(super) fn close(&self) -> Pending {
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Ends { close, closed }) = ends else { return Pending::default() };
        // An error means that it has ended already, which the other channel tells too.
        let _ = close.send(());
        let destination = self.url.clone();
        Pending::new(closed, move |unanswered| match unanswered {
            None => Ok(()),
            Some(reason) => Err(ExportError { signal: Signal::Metrics, lost: 0, destination, reason }),
        })
    }
}

/// Why nobody can scrape.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen there: {0}; METRICS__PROMETHEUS__HOST and METRICS__PROMETHEUS__PORT say where else")]
pub(super) struct ListenError(#[from] std::io::Error);

async fn serve(
    listener: TcpListener,
    scrapes: Arc<Scrapes>,
    closing: oneshot::Receiver<()>,
    done: mpsc::SyncSender<()>,
) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS as usize));
    let accepting = tokio::spawn(accept(listener, scrapes, Arc::clone(&places)));
    // An error means that nobody is left who could ask.
    let _ = closing.await;
    accepting.abort();
    // The listener is gone with it, and the port free.
    let _ = accepting.await;
    let _ = timeout(GRACE, places.acquire_many(MOST_CONNECTIONS)).await;
    let _ = done.try_send(());
}

async fn accept(listener: TcpListener, scrapes: Arc<Scrapes>, places: Arc<Semaphore>) {
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let scrapes = Arc::clone(&scrapes);
                // A task of its own, so that a panic ends that connection and nothing else.
                drop(tokio::spawn(async move {
                    scrapes.answer_on(stream).await;
                    drop(place);
                }));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// One scrape after the other, each with a time limit.
struct Scrapes {
    reader: PrometheusReader,
    limit: Duration,
    /// The collection that was begun last, if nobody has its outcome.
    under_way: tokio::sync::Mutex<Option<Collection>>,
}

type Collection = JoinHandle<Result<Exposition, ScrapeError>>;

impl Scrapes {
    /// Answers one request. One that comes in slowly, or is read slowly, holds up nobody, and only for so long.
    async fn answer_on(self: Arc<Self>, stream: TcpStream) {
        let limit = self.limit.saturating_add(REQUEST_LIMIT).saturating_add(ANSWER_LIMIT);
        let service = service_fn(|request| {
            let scrapes = Arc::clone(&self);
            async move { Ok::<_, Infallible>(scrapes.answer(&request).await) }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(REQUEST_LIMIT)
            // A scrape each 15 seconds gains nothing by it, and an idle client would take up a place.
            .keep_alive(false)
            .max_headers(MOST_HEADERS)
            .max_buf_size(LONGEST_REQUEST);
        // What goes wrong on a connection is the client's, who knows.
        let _ = timeout(limit, http.serve_connection(TokioIo::new(stream), service)).await;
    }

    async fn answer(self: Arc<Self>, request: &Request<Incoming>) -> Response<String> {
        if request.uri().path() != PATH {
            return plain(StatusCode::NOT_FOUND, format!("metrics are at {PATH}\n"));
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "metrics are read by GET\n".to_owned());
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refused;
        }
        // The header may come several times, which means the same as a list.
        let accept: Vec<&str> =
            request.headers().get_all(ACCEPT).iter().filter_map(|accept| accept.to_str().ok()).collect();
        match timeout(self.limit, self.scrape(accept.join(","))).await {
            Ok(Ok(Exposition { content_type, body })) => {
                let mut answer = Response::new(body);
                if let Ok(content_type) = HeaderValue::try_from(content_type) {
                    answer.headers_mut().insert(CONTENT_TYPE, content_type);
                }
                answer
            }
            Ok(Err(error)) => plain(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
            Err(_) => {
                let reason = format!("no scrape is answered: a callback takes longer than {:?}", self.limit);
                self.reader.say(reason.clone());
                plain(StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n"))
            }
        }
    }

    /// Collects on a thread of its own, because the callbacks of observable instruments are a user's code. One that
    /// takes too long is waited for by the next scrape, and no second collection begun.
    async fn scrape(&self, accept: String) -> Result<Exposition, ScrapeError> {
        let mut under_way = self.under_way.lock().await;
        if let Some(late) = under_way.as_mut() {
            // What it found out is of no use to anybody now.
            let _ = late.await;
        }
        let reader = self.reader.clone();
        let collection = under_way.insert(spawn_blocking(move || reader.scrape(Some(&accept))));
        let outcome = collection.await.unwrap_or(Err(ScrapeError::Panicked));
        *under_way = None;
        outcome
    }
}

fn plain(status: StatusCode, body: String) -> Response<String> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
