use super::spec::{ATTRIBUTES, BUCKETS, CONTEXT, DESCRIPTION, Grammar, IF, LINKS, NAME, OK, Spec};

/// What stands here for an option of another crate.
pub(super) enum Foreign {
    Option(&'static Spec),
    Advice(&'static str),
}

/// Options that users of `tracing`, `fastrace`, `metrics` and `prometheus` know.
const FOREIGN: [(&[&str], Foreign); 11] = [
    (&["skip", "skip_all"], Foreign::Advice("arguments are recorded only when named, so leave it out")),
    (&["level"], Foreign::Advice("there are no levels, so leave it out")),
    (&["target"], Foreign::Advice("there are no targets, so leave it out")),
    (&["fields", "labels", "tags", "properties"], Foreign::Option(&ATTRIBUTES)),
    (&["ret"], Foreign::Option(&OK)),
    (&["parent"], Foreign::Option(&CONTEXT)),
    (&["follows_from"], Foreign::Option(&LINKS)),
    (&["histogram_buckets", "boundaries", "bounds"], Foreign::Option(&BUCKETS)),
    (&["help", "desc", "describe"], Foreign::Option(&DESCRIPTION)),
    (&["when", "condition", "enabled"], Foreign::Option(&IF)),
    (&["rename", "span_name", "metric_name"], Foreign::Option(&NAME)),
];

/// What to say of a variant that is to be no value.
const SKIPPED_VARIANT: Foreign = Foreign::Advice("each variant is a value, so leave it out");

/// What to write instead of an option that other crates have.
pub(super) fn foreign(grammar: Grammar, word: &str) -> Option<&'static Foreign> {
    let foreign = FOREIGN.iter().find(|(words, _)| words.contains(&word)).map(|(_, foreign)| foreign);
    match foreign {
        Some(Foreign::Advice(_)) if !grammar.is_of_calls() => {
            (word == "skip" && grammar.name == "metric_attribute").then_some(&SKIPPED_VARIANT)
        }
        foreign => foreign,
    }
}

/// The candidate that `word` was most likely meant to be, if any is near or begins with it.
pub(super) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    near(word, candidates).or_else(|| {
        candidates.iter().copied().find(|candidate| word.len() > 2 && candidate.starts_with(word))
    })
}

fn near<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let letters = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
    let word = letters(word);
    let most = (word.len() / 3).clamp(1, 3);
    (0..=most).find_map(|edits| {
        candidates.iter().copied().find(|candidate| is_within(edits, &word, &letters(candidate)))
    })
}

/// Whether `edits` insertions, removals, replacements and swaps of neighbours make one word out of the other.
///
/// Takes exponential time in `edits`, which is at most three.
fn is_within(edits: usize, left: &[char], right: &[char]) -> bool {
    let ([left_first, left_rest @ ..], [right_first, right_rest @ ..]) = (left, right) else {
        return left.len().max(right.len()) <= edits;
    };
    if left_first == right_first && is_within(edits, left_rest, right_rest) {
        return true;
    }
    let Some(edits) = edits.checked_sub(1) else { return false };
    let swapped = match (left_rest, right_rest) {
        ([left_second, left_rest @ ..], [right_second, right_rest @ ..]) => {
            left_first == right_second
                && left_second == right_first
                && is_within(edits, left_rest, right_rest)
        }
        _ => false,
    };
    swapped
        || is_within(edits, left_rest, right_rest)
        || is_within(edits, left_rest, right)
        || is_within(edits, left, right_rest)
}
