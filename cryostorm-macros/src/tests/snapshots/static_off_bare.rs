fn charge() -> Result<Receipt, ChargeError> {
    gateway()
}
