//! The name of a column, freed of what differs between exports: case, spaces, `_`, `-`, full-width letters and units in brackets.

/// `Created At`, `created_at` and `Ｃｒｅａｔｅｄ　ａｔ` are one name; `金额（元）` is `金额`.
#[must_use]
pub fn plain(header: &str) -> String {
    let narrow: String = header.chars().map(narrow).collect();
    let outside = letters(&without_brackets(&narrow));
    // A header that is nothing but a bracket, `(none)`, keeps what stands in it.
    if outside.is_empty() { letters(&narrow) } else { outside }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Full-width forms become their narrow twins.
const fn narrow(c: char) -> char {
    match c {
        '！'..='～' => match char::from_u32(c as u32 - 0xFEE0) {
            Some(narrow) => narrow,
            None => c,
        },
        other => other,
    }
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| match c {
            '(' | '[' | '【' | '〔' => {
                depth += 1;
                false
            }
            ')' | ']' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headers_that_people_take_for_one_are_one() {
        for header in ["Created at", "created_at", "CREATED-AT", "Ｃｒｅａｔｅｄ　ａｔ", "\u{feff}createdAt "] {
            assert_eq!(plain(header), "createdat", "{header}");
        }
        assert_eq!(plain("金额（元）"), "金额");
        assert_eq!(plain("Session source / medium"), "sessionsourcemedium");
        assert_eq!(plain("(none)"), "none");
    }

    proptest! {
        #[test]
        fn a_plain_name_stays_as_it_is(header in ".{0,40}") {
            let once = plain(&header);
            prop_assert_eq!(plain(&once), once);
        }
    }
}
