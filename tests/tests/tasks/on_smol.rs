//! A hundred requests at the same time on smol, on its thread and those that it blocks.

use std::sync::Arc;

use cryostorm::task::{Envelope, with_current_context};
use cryostorm::{FutureExt as _, traced};
use cryostorm_tests::trace::{give_way, spans_of};
use smol::channel::{Receiver, Sender, bounded};
use tokio::sync::Barrier;

use super::family::{REQUESTS, check, check_baggage, with_baggage};

const FAMILY: [(&str, &str); 5] = [
    ("request", "root"),
    ("spawned", "request"),
    ("nested", "spawned"),
    ("blocking", "request"),
    ("consumed", "request"),
];

struct Job {
    request: i64,
    done: Sender<()>,
}

struct Service {
    /// Needs no runtime of tokio.
    together: Barrier,
    queue: Sender<Envelope<Job>>,
}

#[traced(attributes(request = request))]
async fn request(service: Arc<Service>, request: i64) {
    check_baggage(request);
    let task = smol::spawn(spawned(Arc::clone(&service), request).with_current_context());
    service.together.wait().await;
    let unblocked = smol::unblock(with_current_context(move || blocking(request)));
    let (done, is_done) = bounded(1);
    assert!(service.queue.send(Envelope::new(Job { request, done })).await.is_ok());
    is_done.recv().await.unwrap();
    unblocked.await;
    task.await;
}

#[traced(attributes(request = request))]
async fn spawned(service: Arc<Service>, request: i64) {
    check_baggage(request);
    service.together.wait().await;
    smol::spawn(nested(request).with_current_context()).await;
}

#[traced(attributes(request = request))]
async fn nested(request: i64) {
    give_way().await;
    check_baggage(request);
}

#[traced(attributes(request = request))]
fn blocking(request: i64) {
    check_baggage(request);
}

#[traced(context = job, attributes(request = job.request))]
async fn consumed(job: Envelope<Job>) {
    give_way().await;
    check_baggage(job.request);
    job.done.send(()).await.unwrap();
}

async fn receive(queue: Receiver<Envelope<Job>>) {
    while let Ok(job) = queue.recv().await {
        consumed(job).await;
    }
}

#[test]
fn every_span_has_its_parent() {
    let trace = spans_of(|| {
        let (queue, jobs) = bounded(8);
        let receiver = smol::spawn(receive(jobs));
        let service = Arc::new(Service { together: Barrier::new(2 * REQUESTS as usize), queue });
        let start = |number| {
            let service = Arc::clone(&service);
            with_baggage(number, || smol::spawn(request(service, number).with_current_context()))
        };
        let requests = (0..REQUESTS).map(start).collect::<Vec<_>>();
        drop(service);
        smol::block_on(futures::future::join_all(requests));
        smol::block_on(receiver);
    });
    check(&trace, &FAMILY);
}
