//! The words by which a text is found, the same for what is stored and for what is asked.
//!
//! Chinese writes no blanks, so every Han character (and kana, and Hangul syllable) is a word of its own, and a name is asked for as a
//! phrase of them: 小明 finds 王小明 without a dictionary that would have to know the name. Everything else is cut into words by
//! Unicode's rules (UAX 29), composed to one form (NFKC), in lower case and without accents, because people type `Sao Paulo`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The words of `text` in their order. Each consists of letters, digits and their marks only; emoji and punctuation have no word.
///
/// ```
/// assert_eq!(kith_text::search_terms("王小明 Tea_Lover88"), ["王", "小", "明", "tea", "lover88"]);
/// ```
#[must_use]
pub fn search_terms(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().filter(|c| !is_accent(*c)).nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let mut terms = Vec::new();
    for word in folded.unicode_words() {
        let mut term = String::new();
        for c in word.chars() {
            if stands_alone(c) {
                push(&mut terms, &mut term);
                terms.push(c.to_string());
            } else if c.is_alphanumeric() || (is_combining_mark(c) && !term.is_empty()) {
                term.push(c);
            } else {
                // `tea_lover` and `3.14` are one word to Unicode and two to somebody who searches.
                push(&mut terms, &mut term);
            }
        }
        push(&mut terms, &mut term);
    }
    terms
}

fn push(terms: &mut Vec<String>, term: &mut String) {
    if !term.is_empty() {
        terms.push(std::mem::take(term));
    }
}

/// Accents of Latin, Greek and Cyrillic letters. The voicing marks of kana are part of the letter and stay.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Is this a character of a script without blanks between words?
#[must_use]
const fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chinese_name_is_its_characters() {
        assert_eq!(search_terms("王小明"), ["王", "小", "明"]);
        assert_eq!(search_terms("𠮷野家"), ["𠮷", "野", "家"]);
    }

    #[test]
    fn wide_letters_capitals_and_accents_are_folded() {
        assert_eq!(search_terms("ＴＥＡ São Paulo"), ["tea", "sao", "paulo"]);
    }

    #[test]
    fn a_handle_and_an_address_fall_into_their_words() {
        assert_eq!(search_terms("milk_tea.lover@example.com"), ["milk", "tea", "lover", "example", "com"]);
        assert_eq!(search_terms("+8613800138000"), ["8613800138000"]);
    }

    #[test]
    fn mixed_scripts_are_cut_where_they_meet() {
        assert_eq!(search_terms("小明Tom的店88号"), ["小", "明", "tom", "的", "店", "88", "号"]);
    }

    #[test]
    fn emoji_and_signs_have_no_word() {
        assert!(search_terms("🎉 —— !!! '\"").is_empty());
    }

    proptest! {
        #[test]
        fn words_have_neither_blanks_nor_quotes(text in ".*") {
            for term in search_terms(&text) {
                prop_assert!(!term.is_empty());
                prop_assert!(term.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)), "{:?}", term);
            }
        }

        #[test]
        fn the_words_of_words_are_the_words(text in ".{0,40}") {
            let once = search_terms(&text);
            prop_assert_eq!(search_terms(&once.join(" ")), once);
        }
    }
}
