//! The program whose telemetry the end-to-end suite looks for: a fixed tree of work, the same under every executor.
//!
//! `workload EXECUTOR [MILLISECONDS]`: the executor is `plain`, `current-thread` or `multi-thread`; the time is what
//! shutdown may take. Prints what it computed, and how shutdown went.

use std::process::ExitCode;
use std::time::Duration;

use cryostorm::opentelemetry::Context;
use cryostorm::{FutureExt, Level, Telemetry, TelemetrySettings, counted, timed, traced};

/// How many orders are worked off.
const ORDERS: u64 = 100;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let executor = arguments.next().unwrap_or_default();
    let limit = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .map_or(Duration::from_secs(10), Duration::from_millis);
    let result = match executor.as_str() {
        "plain" => futures::executor::block_on(run(Spawn::Thread, limit)),
        "current-thread" => runtime(&mut tokio::runtime::Builder::new_current_thread(), limit),
        "multi-thread" => runtime(&mut tokio::runtime::Builder::new_multi_thread(), limit),
        other => Err(format!("no executor {other:?}").into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn runtime(builder: &mut tokio::runtime::Builder, limit: Duration) -> Result<()> {
    builder.enable_all().build()?.block_on(run(Spawn::Task, limit))
}

/// How this executor starts something beside the caller.
#[derive(Clone, Copy)]
enum Spawn {
    Thread,
    Task,
}

async fn run(spawn: Spawn, limit: Duration) -> Result<()> {
    let telemetry = Telemetry::from_settings(TelemetrySettings::from_env()?)?;
    let revenue = telemetry.span("workload").instrument(work(spawn)).await;
    println!("revenue: {revenue}");
    // Blocks the only thread of the current-thread executor, which must not keep the exporters from working.
    match telemetry.shutdown_timeout(limit) {
        Ok(()) => println!("shutdown: ok"),
        Err(error) => println!("shutdown: {error}"),
    }
    Ok(())
}

async fn work(spawn: Spawn) -> u64 {
    let mut revenue = 0;
    for id in 0..ORDERS {
        revenue += order(id, spawn).await.unwrap_or_default();
    }
    revenue
}

/// Every tenth order is refused.
#[traced(name = "order", kind = Server, attributes(order.id = id, order.rush = id.is_multiple_of(2)))]
#[counted(name = "orders", attributes(channel = "web"))]
#[timed(name = "order.duration")]
async fn order(id: u64, spawn: Spawn) -> std::result::Result<u64, Refused> {
    let (goods, postage) = futures::join!(price(id), price(1));
    match spawn {
        Spawn::Task => tokio::spawn(ship(id).with_current_context()).await.unwrap_or_default(),
        Spawn::Thread => {
            let context = Context::current();
            let ship = move || futures::executor::block_on(ship(id).with_context(context));
            std::thread::spawn(ship).join().unwrap_or_default();
        }
    }
    Telemetry::global().log(Level::Info, "order shipped", &[("order.id", &id)]);
    Telemetry::global().log(Level::Debug, "below the level", &[]);
    check(id)?;
    Ok(goods + postage)
}

#[traced(name = "price")]
#[counted]
async fn price(id: u64) -> u64 {
    // Gives way, so that both prices of an order are under way at once.
    yield_once().await;
    id * 2
}

#[traced(name = "ship", kind = Producer)]
async fn ship(id: u64) {
    let _ = id;
    yield_once().await;
}

/// An order that is not taken.
#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("every tenth order is refused")
    }
}

impl std::error::Error for Refused {}

#[traced(name = "check")]
#[counted(name = "checks")]
fn check(id: u64) -> std::result::Result<(), Refused> {
    if id.is_multiple_of(10) { Err(Refused) } else { Ok(()) }
}

async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|wakeup| {
        if std::mem::replace(&mut yielded, true) {
            return std::task::Poll::Ready(());
        }
        wakeup.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
