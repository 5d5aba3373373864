//! What headers and query parameters are called whose values are secrets.

/// Parts of such names, without case and what joins their words.
const WORDS: [&str; 20] = [
    "accesskey",
    "apikey",
    "assertion",
    "authenticat",
    "authorization",
    "cookie",
    "credential",
    "csrf",
    "jwt",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "session",
    "signature",
    "token",
    "xsrf",
];

/// Whole names: as parts of others these words say nothing.
const NAMES: [&str; 9] = ["auth", "code", "codeverifier", "key", "otp", "pass", "samlresponse", "sid", "sig"];

/// Whether the value of what is called so may be a secret. Those that the conventions name are among them; what is taken for
/// one and is none can be revealed.
pub(super) fn is_secret(name: &str) -> bool {
    // `accessToken`, `access_token`, `Access-Token` and `user[access token]` are one.
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "sig",
            "X-Goog-Signature",
            "X-Amz-Credential",
            "AWSAccessKeyId",
            "access_token",
            "clientSecret",
            "user[password]",
            "x-vault-token",
            "www-authenticate",
            "set-cookie",
            "X-API-Key",
            "SAMLResponse",
            "code",
            "sessionid",
            "auth",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["page", "q", "monkey", "footprint", "encoding", "author", "design", "x-request-id"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
