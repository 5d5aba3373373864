#[traced]
async fn serve() -> ! {
    loop {
        accept().await;
    }
}
