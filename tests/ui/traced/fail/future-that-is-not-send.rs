use cryostorm::traced;

use std::rc::Rc;

#[traced]
async fn charge() -> Result<(), String> {
    let number = Rc::new(1);
    std::future::ready(()).await;
    drop(number);
    Ok(())
}

fn is_send<T: Send>(_: T) {}

fn caller() {
    is_send(charge());
}

fn main() {}
