//! Words that occur again and again (channels, campaigns, posts), each kept once and numbered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, StringArray};
use compact_str::CompactString;

/// The number that stands for "nothing was said".
pub(crate) const NO_WORD: u32 = u32::MAX;

/// The numbered words of one writer, shared by all its workers.
#[derive(Default)]
pub(crate) struct Words(Mutex<Numbered>);

#[derive(Default)]
struct Numbered {
    numbers: HashMap<CompactString, u32>,
    words: Vec<CompactString>,
    bytes: usize,
}

impl Words {
    fn number(&self, word: &str) -> u32 {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = all.numbers.get(word) {
            return *number;
        }
        // `NO_WORD` is never reached: memory ends long before four thousand million words.
        let number = all.words.len() as u32;
        all.words.push(word.into());
        all.numbers.insert(word.into(), number);
        all.bytes += 2 * (size_of::<CompactString>() + word.len()) + 16;
        number
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// All words so far, at the places of their numbers.
    pub(crate) fn array(&self) -> ArrayRef {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::new(StringArray::from_iter_values(all.words.iter()))
    }
}

/// What one worker remembers of the shared words, so that it seldom asks.
#[derive(Default)]
pub(crate) struct KnownWords(HashMap<CompactString, u32>);

impl KnownWords {
    pub(crate) fn number(&mut self, shared: &Words, word: &str) -> u32 {
        if word.is_empty() {
            return NO_WORD;
        }
        if let Some(number) = self.0.get(word) {
            return *number;
        }
        let number = shared.number(word);
        self.0.insert(word.into(), number);
        number
    }
}
