//! Unguessable names, from the system's random source.

use kith_desk::trust::Randomness;

/// 128 random bits in hexadecimal.
pub fn token() -> String {
    Randomness::system().bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tokens_are_the_same() {
        let tokens: std::collections::HashSet<String> = (0..1_000).map(|_| token()).collect();
        assert_eq!(tokens.len(), 1_000);
        assert!(tokens.iter().all(|token| token.len() == 32));
    }
}
