//! Streams that are polled elsewhere than where they were made.

use cryostorm::opentelemetry::trace::SpanId;
use cryostorm::{FutureExt as _, traced};
use cryostorm_tests::trace::{current_id, give_way, spans_of};
use futures::{Stream, StreamExt as _, stream};
use tokio::runtime::Builder;

#[traced]
async fn page(number: usize) -> usize {
    give_way().await;
    number
}

fn pages() -> impl Stream<Item = usize> {
    stream::iter(0..3).then(page)
}

#[traced]
fn rows() -> impl Stream<Item = usize> {
    stream::iter(0..2).then(row)
}

#[traced]
async fn row(number: usize) -> usize {
    give_way().await;
    number
}

#[test]
fn every_poll_of_a_stream_is_under_the_span_that_it_was_made_in() {
    for threads in [1, 4] {
        let runtime = Builder::new_multi_thread().worker_threads(threads).build().unwrap();
        let trace = spans_of(|| {
            let mut pages = Box::pin(pages().with_current_context());
            let consumer = runtime.spawn(async move {
                let mut all = Vec::new();
                while let Some(page) = pages.next().await {
                    assert_eq!(current_id(), SpanId::INVALID, "between polls");
                    all.push(page);
                }
                all
            });
            assert_eq!(runtime.block_on(consumer).unwrap(), [0, 1, 2]);
        });
        assert_eq!(trace.spans.len(), 3);
        assert!(trace.spans.iter().all(|page| page.parent_span_id == trace.root), "{trace:?}");
    }
}

#[test]
fn an_annotated_stream_knows_its_parent_wherever_it_is_polled() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let trace = spans_of(|| {
        let rows = rows();
        assert_eq!(runtime.block_on(runtime.spawn(rows.count())).unwrap(), 2);
    });
    let rows = trace.named("rows");
    assert_eq!(rows.parent_span_id, trace.root);
    let row = trace.spans.iter().filter(|span| span.name.ends_with("::row"));
    assert_eq!(row.filter(|row| row.parent_span_id == rows.span_context.span_id()).count(), 2);
}
