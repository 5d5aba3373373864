//! Two requests at the same time, one of which fails and leaves something behind: what the guide to the console shows.

use std::thread;
use std::time::Duration;

use cryostorm::{FutureExt as _, Level, Telemetry, TelemetrySettings, counted, timed, traced};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};

#[derive(Debug)]
struct CardDeclined;

impl std::fmt::Display for CardDeclined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("card declined")
    }
}

impl std::error::Error for CardDeclined {}

#[traced(kind = Server, name = "POST /orders", attributes(order.id = id))]
#[counted]
async fn place(id: u64, sent: oneshot::Receiver<()>) -> Result<JoinHandle<()>, CardDeclined> {
    stock(id).await;
    let mail = tokio::spawn(mail(sent).with_current_context());
    yield_now().await;
    charge(id).await?;
    Ok(mail)
}

#[traced(kind = Client, name = "SELECT stock", attributes(db.system.name = "postgresql"))]
async fn stock(id: u64) {
    takes(3);
    if id == 7 {
        cryostorm::current_span().add_event("cache missed", &[("key", &"stock:7")]);
    }
    takes(1);
    yield_now().await;
}

#[traced(attributes(order.id = id))]
#[timed]
async fn charge(id: u64) -> Result<(), CardDeclined> {
    takes(9);
    if id == 8 {
        Telemetry::global().log(Level::Warn, "the bank said no", &[("order.id", &id), ("attempt", &1)]);
        takes(2);
        return Err(CardDeclined);
    }
    Ok(())
}

#[traced(kind = Producer)]
async fn mail(sent: oneshot::Receiver<()>) {
    let _ = sent.await;
    takes(2);
}

/// Work of so many milliseconds.
fn takes(millis: u64) {
    thread::sleep(Duration::from_millis(millis));
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), cryostorm::Error> {
    let mut settings = TelemetrySettings::from_env()?;
    settings.service.name = "orders".into();
    let telemetry = Telemetry::from_settings(settings)?;
    telemetry.log(Level::Info, "ready", &[]);
    let ((send, sent), (_never, unsent)) = (oneshot::channel(), oneshot::channel());
    let (placed, refused) = tokio::join!(place(7, sent), place(8, unsent));
    assert!(refused.is_err());
    // The mail is sent when the request is over.
    let _ = send.send(());
    if let Ok(mail) = placed {
        let _ = mail.await;
    }
    telemetry.shutdown_async(Duration::from_secs(10)).await
}
