#[traced]
async fn double(number: u64) -> u64 {
    number * 2
}
