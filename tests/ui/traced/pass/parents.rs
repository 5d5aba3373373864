#![deny(warnings)]

use cryostorm::opentelemetry::Context;
use cryostorm::traced;

struct Request {
    context: Context,
}

impl Request {
    #[traced(context = self.context)]
    fn answer(&self) -> u16 {
        200
    }
}

#[traced(root)]
fn root() {}

#[traced(root, kind = Consumer)]
async fn root_in_a_future() -> Result<(), String> {
    Ok(())
}

#[traced(context = parent)]
fn owned(parent: Context) -> Context {
    parent
}

#[traced(context = parent)]
fn borrowed(parent: &Context) -> bool {
    let _ = parent;
    true
}

#[traced(context = Context::new())]
fn made_on_the_spot() {}

#[traced(context = request.context.clone())]
async fn in_a_future(request: Request) -> u16 {
    request.answer()
}

#[traced(context = parent)]
fn returns_a_future(parent: Context) -> impl Future<Output = Context> {
    async move { parent }
}

fn main() {
    root();
    drop(owned(Context::new()));
    assert!(borrowed(&Context::new()));
    made_on_the_spot();
    futures::executor::block_on(async {
        root_in_a_future().await.unwrap();
        assert_eq!(in_a_future(Request { context: Context::new() }).await, 200);
        drop(returns_a_future(Context::new()).await);
    });
}
