//! A hundred requests at the same time on tokio.

use std::sync::Arc;

use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::task::{self, Envelope, JoinSet};
use cryostorm::{FutureExt as _, traced};
use cryostorm_tests::trace::{Trace, give_way, spans_of, telemetry};
use futures::{Stream, StreamExt as _};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Barrier, mpsc, oneshot};

use super::family::{REQUESTS, check, check_baggage, check_links, with_baggage};

const FAMILY: [(&str, &str); 10] = [
    ("request", "root"),
    ("spawned", "request"),
    ("nested", "spawned"),
    ("blocking", "request"),
    ("from_blocking", "blocking"),
    ("member", "request"),
    ("consumed", "request"),
    ("answered", "consumed"),
    ("continued", "request"),
    ("item", "request"),
];

/// What goes to the receivers.
struct Job {
    request: i64,
    done: oneshot::Sender<()>,
}

/// What all requests share.
struct Service {
    /// None goes on before all others have come as far.
    together: Barrier,
    as_child: mpsc::Sender<Envelope<Job>>,
    by_context: mpsc::Sender<Envelope<Job>>,
    to_link: mpsc::Sender<Envelope<i64>>,
}

impl Service {
    async fn send(&self, queue: &mpsc::Sender<Envelope<Job>>, request: i64) {
        let (done, is_done) = oneshot::channel();
        assert!(queue.send(Envelope::new(Job { request, done })).await.is_ok());
        is_done.await.unwrap();
    }
}

#[traced(attributes(request = request))]
async fn request(service: Arc<Service>, request: i64) {
    check_baggage(request);
    let task = task::spawn(spawned(Arc::clone(&service), request));
    service.together.wait().await;
    let blocking = task::spawn_blocking(move || blocking(request));
    let mut members = JoinSet::new();
    members.spawn(member(request));
    service.send(&service.as_child, request).await;
    service.send(&service.by_context, request).await;
    service.to_link.send(Envelope::new(request)).await.unwrap();
    let items = items(request).with_current_context();
    // Spawned without context: the stream has its own.
    assert_eq!(tokio::spawn(items.collect::<Vec<_>>()).await.unwrap(), [request]);
    members.join_next().await.unwrap().unwrap();
    blocking.await.unwrap().await.unwrap();
    task.await.unwrap();
}

#[traced(attributes(request = request))]
async fn spawned(service: Arc<Service>, request: i64) {
    check_baggage(request);
    service.together.wait().await;
    let task = task::spawn(nested(request));
    give_way().await;
    task.await.unwrap();
}

#[traced(attributes(request = request))]
async fn nested(request: i64) {
    give_way().await;
    check_baggage(request);
}

#[traced(attributes(request = request))]
fn blocking(request: i64) -> task::JoinHandle<()> {
    check_baggage(request);
    task::spawn(from_blocking(request))
}

#[traced(attributes(request = request))]
async fn from_blocking(request: i64) {
    check_baggage(request);
}

#[traced(attributes(request = request))]
async fn member(request: i64) {
    give_way().await;
    check_baggage(request);
}

#[traced(context = job, attributes(request = job.request))]
async fn consumed(job: Envelope<Job>) {
    check_baggage(job.request);
    give_way().await;
    task::spawn(answered(job.into_inner())).await.unwrap();
}

#[traced(attributes(request = job.request))]
async fn answered(job: Job) {
    check_baggage(job.request);
    job.done.send(()).unwrap();
}

#[traced(attributes(request = job.request))]
async fn continued(job: Job) {
    check_baggage(job.request);
    give_way().await;
    job.done.send(()).unwrap();
}

fn items(request: i64) -> impl Stream<Item = i64> {
    futures::stream::iter([request]).then(item)
}

#[traced(attributes(request = request))]
async fn item(request: i64) -> i64 {
    give_way().await;
    check_baggage(request);
    request
}

#[traced(root, links = batch, attributes(suite = suite))]
async fn batch(suite: &'static str, batch: &[Envelope<i64>]) {
    give_way().await;
    assert!(!batch.is_empty());
}

async fn receive_as_child(mut queue: mpsc::Receiver<Envelope<Job>>) {
    // Several at the same time, each without a context but that of its job.
    let mut jobs = tokio::task::JoinSet::new();
    while let Some(job) = queue.recv().await {
        jobs.spawn(consumed(job));
    }
    jobs.join_all().await;
}

async fn receive_by_context(mut queue: mpsc::Receiver<Envelope<Job>>) {
    while let Some(job) = queue.recv().await {
        let (job, sender) = job.into_parts();
        continued(job).with_context(sender).await;
    }
}

async fn receive_batches(suite: &'static str, mut queue: mpsc::Receiver<Envelope<i64>>) {
    let mut jobs = Vec::new();
    while queue.recv_many(&mut jobs, 32).await > 0 {
        batch(suite, &jobs).await;
        jobs.clear();
    }
}

async fn all(suite: &'static str) {
    let (as_child, to_child) = mpsc::channel(8);
    let (by_context, to_context) = mpsc::channel(8);
    let (to_link, links) = mpsc::channel(8);
    // Receivers belong to no request, and start without a context.
    let receivers = [
        tokio::spawn(receive_as_child(to_child)),
        tokio::spawn(receive_by_context(to_context)),
        tokio::spawn(receive_batches(suite, links)),
    ];
    let together = Barrier::new(2 * REQUESTS as usize);
    let service = Arc::new(Service { together, as_child, by_context, to_link });
    let requests = (0..REQUESTS)
        .map(|number| with_baggage(number, || task::spawn(request(Arc::clone(&service), number))))
        .collect::<Vec<_>>();
    drop(service);
    for done in futures::future::join_all(requests.into_iter().chain(receivers)).await {
        done.unwrap();
    }
}

fn batches_of(suite: &str) -> Vec<SpanData> {
    let mut spans = telemetry().in_memory().spans();
    spans.retain(|span| {
        let is = |key, value| {
            span.attributes.iter().any(|pair| pair.key.as_str() == key && pair.value.as_str() == value)
        };
        span.name.ends_with("::batch") && is("suite", suite)
    });
    spans
}

fn check_on(runtime: &Runtime, suite: &'static str) {
    let trace: Trace = spans_of(|| runtime.block_on(all(suite)));
    check(&trace, &FAMILY);
    check_links(&trace, "request", &batches_of(suite));
}

#[test]
fn every_span_has_its_parent_on_one_thread() {
    check_on(&Builder::new_current_thread().build().unwrap(), "one thread");
}

#[test]
fn every_span_has_its_parent_on_several_threads() {
    check_on(&Builder::new_multi_thread().worker_threads(4).build().unwrap(), "several threads");
}
