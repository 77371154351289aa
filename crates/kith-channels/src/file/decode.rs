//! Bytes to text: UTF-8, UTF-16, GB18030 (with GBK and GB2312, its parts) and Big5; never a replacement character.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::open::FileError;

/// How much of a file its encoding is judged by.
pub(super) const SAMPLE_BYTES: usize = 1 << 16;

/// Decodes a stream, refusing what the encoding does not allow.
pub(super) struct Decoder {
    input: Box<dyn Read + Send>,
    /// Read, not yet decoded.
    raw: Vec<u8>,
    /// Where `raw` begins in the unpacked file.
    offset: u64,
    encoding: &'static Encoding,
    foreign: Option<encoding_rs::Decoder>,
    /// Nothing but ASCII so far and nobody named an encoding: the first other byte decides.
    undecided: bool,
    ended: bool,
    /// The last byte has been decoded; a foreign decoder must not be asked again.
    done: bool,
}

/// What stops decoding; the caller knows the file and the row.
#[derive(Debug)]
pub(super) enum DecodeFault {
    Read(std::io::Error, u64),
    Invalid { byte: u64, encoding: &'static str },
    Unknown { guess: &'static str },
}

impl DecodeFault {
    /// The error, once the file and the row are known.
    pub(super) fn of(self, name: &str, row: u64) -> FileError {
        let name = name.to_owned();
        match self {
            Self::Read(source, at) => FileError::reading(name, source, at),
            Self::Invalid { byte, encoding } => FileError::Encoding { name, encoding: encoding.to_owned(), byte, row },
            Self::Unknown { guess } => FileError::UnknownEncoding { name, guess: guess.to_owned() },
        }
    }
}

impl Decoder {
    /// Judges the encoding by the first bytes, unless it is named.
    pub(super) fn open(mut input: Box<dyn Read + Send>, named: Option<&'static Encoding>) -> Result<Self, DecodeFault> {
        let mut raw = Vec::new();
        let got = input.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut raw).map_err(|error| DecodeFault::Read(error, 0))?;
        let ended = got < SAMPLE_BYTES;
        let (encoding, mark, undecided) = match (Encoding::for_bom(&raw), named) {
            // A mark says more than a person who took one UTF-16 for the other, or UTF-8 for GB18030.
            (Some((marked, length)), _) => (marked, length, false),
            (None, Some(named)) => (named, 0, false),
            (None, None) => match judge(&raw, ended) {
                Some(encoding) => (encoding, 0, encoding == UTF_8 && raw.is_ascii()),
                None => return Err(DecodeFault::Unknown { guess: guess(&raw).name() }),
            },
        };
        raw.drain(..mark);
        let foreign = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        Ok(Self { input, raw, offset: mark as u64, encoding, foreign, undecided, ended, done: false })
    }

    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Appends about `want` bytes of text. False: the file is over.
    pub(super) fn more(&mut self, text: &mut String, want: usize) -> Result<bool, DecodeFault> {
        if self.done {
            return Ok(false);
        }
        // Always more than the longest character, a part of which may be left over.
        let want = want.max(64);
        if self.raw.len() < want && !self.ended {
            let missing = (want - self.raw.len()) as u64;
            let at = self.offset + self.raw.len() as u64;
            let got =
                self.input.by_ref().take(missing).read_to_end(&mut self.raw).map_err(|error| DecodeFault::Read(error, at))?;
            self.ended = (got as u64) < missing;
        }
        if self.foreign.is_some() {
            self.foreign(text)?
        } else {
            self.utf_8(text)?
        }
        self.done = self.ended && self.raw.is_empty();
        Ok(!self.done)
    }

    fn utf_8(&mut self, text: &mut String) -> Result<(), DecodeFault> {
        let (valid, broken) = match std::str::from_utf8(&self.raw) {
            Ok(all) => (all, false),
            Err(error) => {
                let (valid, _) = self.raw.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), error.error_len().is_some() || self.ended)
            }
        };
        let undecided = self.undecided && valid.is_ascii();
        text.push_str(valid);
        let length = valid.len();
        self.raw.drain(..length);
        self.offset += length as u64;
        self.undecided = undecided;
        if !broken {
            return Ok(());
        }
        if undecided {
            self.undecided = false;
            if !self.ended && self.raw.len() < SAMPLE_BYTES {
                let missing = (SAMPLE_BYTES - self.raw.len()) as u64;
                let got = self
                    .input
                    .by_ref()
                    .take(missing)
                    .read_to_end(&mut self.raw)
                    .map_err(|error| DecodeFault::Read(error, self.offset))?;
                self.ended = (got as u64) < missing;
            }
            if let Some(encoding) = judge(&self.raw, self.ended).filter(|encoding| *encoding != UTF_8) {
                self.encoding = encoding;
                self.foreign = Some(encoding.new_decoder_without_bom_handling());
                return self.foreign(text);
            }
        }
        Err(DecodeFault::Invalid { byte: self.offset, encoding: self.encoding.name() })
    }

    fn foreign(&mut self, text: &mut String) -> Result<(), DecodeFault> {
        let Some(decoder) = &mut self.foreign else { return Ok(()) };
        loop {
            text.reserve(decoder.max_utf8_buffer_length_without_replacement(self.raw.len()).unwrap_or(self.raw.len()).max(16));
            let (result, read) = decoder.decode_to_string_without_replacement(&self.raw, text, self.ended);
            self.offset += read as u64;
            self.raw.drain(..read);
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    let byte = self.offset.saturating_sub(u64::from(bad) + u64::from(after));
                    return Err(DecodeFault::Invalid { byte, encoding: self.encoding.name() });
                }
            }
        }
    }
}

/// Which encoding the first bytes of a file are in. `None`: none of those that we trust ourselves to tell apart.
fn judge(sample: &[u8], whole: bool) -> Option<&'static Encoding> {
    if let Some(wide) = utf_16(sample) {
        return Some(wide);
    }
    match std::str::from_utf8(sample) {
        Ok(_) => return Some(UTF_8),
        Err(error) if error.error_len().is_none() && !whole => return Some(UTF_8),
        Err(_) => {}
    }
    let fits = |encoding: &'static Encoding| decodes(encoding, sample, whole);
    match guess(sample) {
        encoding if encoding == BIG5 && fits(BIG5) => Some(BIG5),
        encoding if encoding == GBK && fits(GB18030) => Some(GB18030),
        _ => None,
    }
}

/// The detector's word, first without and then with a leaning to China, where our files come from.
fn guess(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let unbiased = detector.guess(None, Utf8Detection::Deny);
    if unbiased == BIG5 { unbiased } else { detector.guess(Some(b"cn"), Utf8Detection::Deny) }
}

fn decodes(encoding: &'static Encoding, sample: &[u8], whole: bool) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text =
        String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(sample.len()).unwrap_or(sample.len() * 4));
    let (result, _) = decoder.decode_to_string_without_replacement(sample, &mut text, whole);
    matches!(result, DecoderResult::InputEmpty)
}

/// UTF-16 without a mark: separators and digits have a zero beside them, always on the same side.
fn utf_16(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    let (mut first, mut second) = (0, 0);
    for pair in sample.chunks_exact(2) {
        first += usize::from(pair[0] == 0 && pair[1] != 0);
        second += usize::from(pair[1] == 0 && pair[0] != 0);
    }
    let many = (pairs / 20).max(2);
    match (first >= many, second >= many) {
        (true, false) if second * 20 < first => Some(UTF_16BE),
        (false, true) if first * 20 < second => Some(UTF_16LE),
        _ => None,
    }
}

/// An encoding by a name that people use.
pub(super) fn named(label: &str) -> Option<&'static Encoding> {
    match label.trim().to_ascii_lowercase().as_str() {
        "gbk" | "gb2312" | "cp936" | "gb18030" => Some(GB18030),
        "utf8" => Some(UTF_8),
        "utf16" | "utf-16" => Some(UTF_16LE),
        other => Encoding::for_label(other.as_bytes()).filter(|encoding| !encoding.name().starts_with("replacement")),
    }
}
