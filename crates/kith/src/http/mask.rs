//! People as somebody sees them who may see that they are there, and not who they are.

use kith_core::IdentityKind;

/// What is left of a name: its first character.
pub fn name(text: &str) -> String {
    text.chars().next().map_or_else(String::new, |first| format!("{first}**"))
}

/// What is left of the id by which a channel knows somebody: the end of a phone number, the house of an address, the beginning of a login.
pub fn external(kind: IdentityKind, text: &str) -> String {
    match kind {
        IdentityKind::Phone => format!("***{}", tail(text, 2)),
        IdentityKind::Email => format!("***@{}", text.rsplit('@').next().unwrap_or("")),
        IdentityKind::Order => text.to_owned(),
        _ => name(text),
    }
}

fn tail(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_person_so_much_is_left_that_two_can_be_told_apart_and_none_be_called() {
        assert_eq!(name("王小明"), "王**");
        assert_eq!(name(""), "");
        assert_eq!(external(IdentityKind::Phone, "+8613800138000"), "***00");
        assert_eq!(external(IdentityKind::Email, "mei@example.com"), "***@example.com");
        assert_eq!(external(IdentityKind::Login, "mei_1990"), "m**");
    }
}
