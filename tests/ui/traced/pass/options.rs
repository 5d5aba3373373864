#![deny(warnings)]

use cryostorm::traced;

#[traced()]
fn no_options() {}

#[traced(name = "GET /orders",)]
fn name() {}

#[traced(name = r#"raw "name""#, kind = Client)]
fn raw_name() {}

#[traced(kind = Internal)]
fn internal() {}

#[traced(kind = Server)]
fn server() {}

#[traced(kind = Producer)]
fn producer() {}

#[traced(kind = Consumer)]
fn consumer() {}

mod facade {
    pub use cryostorm as telemetry;
}

#[traced(crate = cryostorm)]
fn plain_path() {}

#[traced(crate = crate::facade::telemetry, attributes(done = true))]
fn path_to_a_re_export() -> Result<(), String> {
    Ok(())
}

#[traced(crate = ::cryostorm)]
async fn absolute_path() {}

fn main() {
    no_options();
    name();
    raw_name();
    internal();
    server();
    producer();
    consumer();
    plain_path();
    path_to_a_re_export().unwrap();
    futures::executor::block_on(absolute_path());
}
