//! A hundred requests at the same time, each on threads of its own.

use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use cryostorm::task::{Envelope, in_context, with_current_context};
use cryostorm::traced;
use cryostorm_tests::trace::spans_of;

use super::family::{REQUESTS, check, check_baggage, with_baggage};

const FAMILY: [(&str, &str); 6] = [
    ("request", "root"),
    ("spawned", "request"),
    ("nested", "spawned"),
    ("scoped", "request"),
    ("consumed", "request"),
    ("continued", "request"),
];

struct Job {
    request: i64,
    done: mpsc::Sender<()>,
}

struct Service {
    together: Barrier,
    queue: mpsc::SyncSender<Envelope<Job>>,
    more: crossbeam_channel::Sender<Envelope<Job>>,
}

#[traced(attributes(request = request))]
fn request(service: &Arc<Service>, request: i64) {
    check_baggage(request);
    let thread = {
        let service = Arc::clone(service);
        thread::spawn(with_current_context(move || spawned(&service, request)))
    };
    service.together.wait();
    let (done, is_done) = mpsc::channel();
    assert!(service.queue.send(Envelope::new(Job { request, done: done.clone() })).is_ok());
    is_done.recv().unwrap();
    assert!(service.more.send(Envelope::new(Job { request, done })).is_ok());
    is_done.recv().unwrap();
    let borrowed = &request;
    thread::scope(|scope| {
        scope.spawn(with_current_context(|| scoped(*borrowed)));
    });
    thread.join().unwrap();
}

#[traced(attributes(request = request))]
fn spawned(service: &Service, request: i64) {
    check_baggage(request);
    service.together.wait();
    let named = thread::Builder::new().name(format!("nested {request}"));
    let thread = named.spawn(with_current_context(move || nested(request))).unwrap();
    assert_eq!(thread.thread().name(), Some(&*format!("nested {request}")));
    thread.join().unwrap();
}

#[traced(attributes(request = request))]
fn nested(request: i64) {
    check_baggage(request);
}

#[traced(attributes(request = request))]
fn scoped(request: i64) {
    check_baggage(request);
}

#[traced(context = job, attributes(request = job.request))]
fn consumed(job: &Envelope<Job>) {
    check_baggage(job.request);
    job.done.send(()).unwrap();
}

#[traced(attributes(request = job.request))]
fn continued(job: &Job) {
    check_baggage(job.request);
    job.done.send(()).unwrap();
}

#[test]
fn every_span_has_its_parent() {
    let trace = spans_of(|| {
        let (queue, jobs) = mpsc::sync_channel(8);
        let (more, more_jobs) = crossbeam_channel::bounded(8);
        let receivers = [
            thread::spawn(move || jobs.iter().for_each(|job| consumed(&job))),
            thread::spawn(move || {
                for (job, sender) in more_jobs.iter().map(Envelope::into_parts) {
                    in_context(&sender, || continued(&job));
                }
            }),
        ];
        let service = Arc::new(Service { together: Barrier::new(2 * REQUESTS as usize), queue, more });
        let start = |number| {
            let service = Arc::clone(&service);
            let work = move || request(&service, number);
            with_baggage(number, || thread::spawn(with_current_context(work)))
        };
        let requests = (0..REQUESTS).map(start).collect::<Vec<_>>();
        drop(service);
        for thread in requests.into_iter().chain(receivers) {
            thread.join().unwrap();
        }
    });
    check(&trace, &FAMILY);
}
