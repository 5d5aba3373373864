#[traced]
fn receipts(file: &Path) -> Result<impl Iterator<Item = Receipt> + '_, io::Error> {
    read(file)
}
