//! Names as they are compared: without case and without accents, as the index of messages
//! compares words.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Lower case, and every accent taken off its letter.
pub fn folded(text: &str) -> String {
    let is_accent = |c: &char| matches!(c, '\u{300}'..='\u{36f}');
    let apart = DecomposingNormalizerBorrowed::new_nfd();
    apart.normalize(&text.to_lowercase()).chars().filter(|c| !is_accent(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        for (one, other) in
            [("José", "jose"), ("ÅNGSTRÖM", "angstrom"), ("Jose\u{301}", "JOSÉ"), ("Ğül", "gul")]
        {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("Rosa"), folded("Rosé"));
        assert_eq!(folded("أحمد +47 22"), folded("أحمد +47 22"));
    }
}
