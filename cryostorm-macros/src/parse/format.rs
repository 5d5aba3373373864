/// Whether `text` has braces, and so is formatted; an error when it cannot be.
pub(super) fn is_format(text: &str) -> Result<bool, String> {
    let mut rest = text;
    while let Some(position) = rest.find(['{', '}']) {
        let braces = rest.get(position..).unwrap_or_default();
        rest = if let Some(after) = braces.strip_prefix("{{").or_else(|| braces.strip_prefix("}}")) {
            after
        } else if let Some(argument) = braces.strip_prefix('{') {
            after_argument(argument)?
        } else {
            return Err("a `}` in this name closes nothing: write `}}` for a brace".to_owned());
        };
    }
    Ok(rest.len() < text.len())
}

/// What follows the argument that `text` begins with.
fn after_argument(text: &str) -> Result<&str, String> {
    const EXAMPLE: &str = "name an argument, as in `{order_id}`, or write `{{` for a brace";
    let Some((argument, rest)) = text.split_once('}').filter(|(argument, _)| !argument.contains('{')) else {
        return Err(format!("a `{{` in this name is not closed: {EXAMPLE}"));
    };
    let name = argument.split(':').next().unwrap_or_default().trim();
    let is_name = !name.starts_with(char::is_numeric)
        && !name.is_empty()
        && name.chars().all(|character| character == '_' || character.is_alphanumeric());
    if !is_name {
        return Err(format!("`{{{argument}}}` in this name does not name an argument: {EXAMPLE}"));
    }
    Ok(rest)
}
