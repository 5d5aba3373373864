#[traced]
fn serve() -> ! {
    loop {}
}
