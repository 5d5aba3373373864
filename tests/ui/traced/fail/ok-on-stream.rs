use cryostorm::traced;

use futures::Stream;

#[traced(ok(item = |item| item))]
fn charges() -> impl Stream<Item = u8> {
    futures::stream::empty()
}

#[traced(err(error = |error| error))]
fn refunds() -> futures::stream::BoxStream<'static, Result<u8, String>> {
    Box::pin(futures::stream::empty())
}

fn main() {}
