//! Text from strangers: composed to NFC, free of NUL and of other control characters, bounded in length.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text that is safe to store, compare and search. It is still a stranger's: it is always shown as text.
pub type CleanText = String;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("the text has {characters} characters: at most {limit} are kept")]
    TooLong { characters: usize, limit: usize },
    #[error("the text has a NUL character, which no export should have: is the file of another encoding?")]
    Nul,
}

/// Normalises to NFC, drops control characters except line feeds and tabs, and trims. Refuses NUL and what is over `limit`
/// characters, so that nothing is cut without a word.
pub fn clean(text: &str, limit: usize) -> Result<CleanText, TextError> {
    if text.contains('\0') {
        return Err(TextError::Nul);
    }
    if text.len() > limit {
        let characters = text.chars().count();
        if characters > limit {
            return Err(TextError::TooLong { characters, limit });
        }
    }
    let text = text.trim();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.is_ascii() && !text.bytes().any(|b| odd(char::from(b))) {
        return Ok(text.to_owned());
    }
    if is_nfc_quick(text.chars()) == IsNormalized::Yes && !text.contains(odd) {
        return Ok(text.to_owned());
    }
    // Blanks that stood behind a dropped character are at the end now.
    let cleaned: String = text.chars().filter(|c| !odd(*c)).nfc().collect();
    Ok(cleaned.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_ways_to_write_one_letter_become_one() {
        assert_eq!(clean("cafe\u{301}", 10).unwrap(), "café");
    }

    #[test]
    fn nul_and_too_much_are_refused() {
        assert_eq!(clean("a\0b", 10), Err(TextError::Nul));
        assert_eq!(clean("一二三", 2), Err(TextError::TooLong { characters: 3, limit: 2 }));
        assert_eq!(clean("一二三", 3).unwrap(), "一二三");
    }

    #[test]
    fn a_blank_behind_a_dropped_character_is_trimmed_too() {
        assert_eq!(clean("+86 \u{11}", 100).unwrap(), "+86");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in ".{0,60}") {
            if let Ok(once) = clean(&text, 100) {
                prop_assert_eq!(clean(&once, 1000).unwrap(), once);
            }
        }
    }
}
