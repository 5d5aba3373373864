//! Which requests leave no telemetry.

/// Whether one of the patterns takes the path.
pub(super) fn is_excluded(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern.as_bytes(), path.as_bytes()))
}

/// Whether a path is what a pattern says: `*` is any text, also one with slashes or none, and all else stands for itself.
///
/// What one `*` took is never looked at again when a later one begins, so that it takes at most as many steps as both are
/// long together, multiplied.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (mut pattern, mut path) = (pattern, path);
    // Where to go on when what follows the latest `*` does not fit: after it, with one more byte taken by it.
    let mut again: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern, path) {
            ([], []) => return true,
            ([b'*', after @ ..], _) => {
                again = Some((after, path));
                pattern = after;
            }
            ([wanted, next @ ..], [byte, rest @ ..]) if wanted == byte => {
                (pattern, path) = (next, rest);
            }
            _ => match again {
                Some((after, [_, rest @ ..])) => {
                    again = Some((after, rest));
                    (pattern, path) = (after, rest);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is(pattern: &str, path: &str) -> bool {
        is_excluded(&[pattern.to_owned()], path)
    }

    #[test]
    fn a_pattern_is_a_whole_path() {
        assert!(is("/health", "/health"));
        assert!(!is("/health", "/healthy") && !is("/health", "/health/") && !is("/health", "/api/health"));
        assert!(!is("/Health", "/health"));
        assert!(!is_excluded(&[], "/"));
    }

    #[test]
    fn a_star_is_any_text() {
        assert!(is("/internal/*", "/internal/a/b") && is("/internal/*", "/internal/"));
        assert!(!is("/internal/*", "/internal"));
        assert!(is("*/health", "/a/b/health") && !is("*/health", "/health/a"));
        assert!(is("/grpc.health.v1.Health/*", "/grpc.health.v1.Health/Check"));
        assert!(is("/a*b*c", "/abbcbc") && !is("/a*b*c", "/abb") && is("*", ""));
    }

    proptest! {
        #[test]
        fn is_what_trying_all_splits_finds(pattern in "[/ab*]{0,8}", path in "[/ab]{0,10}") {
            fn slowly(pattern: &[u8], path: &[u8]) -> bool {
                match pattern {
                    [] => path.is_empty(),
                    [b'*', rest @ ..] => (0..=path.len()).any(|taken| slowly(rest, &path[taken..])),
                    [first, rest @ ..] => path.first() == Some(first) && slowly(rest, &path[1..]),
                }
            }
            prop_assert_eq!(is(&pattern, &path), slowly(pattern.as_bytes(), path.as_bytes()));
        }
    }
}
