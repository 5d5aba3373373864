#[counted]
async fn notify() {
    send().await;
}
