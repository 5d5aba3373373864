#[traced]
fn notify() {
    send();
}
