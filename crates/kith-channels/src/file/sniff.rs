//! What a file is, by its first bytes and never by its name.

/// A kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileKind {
    Parquet,
    Gzip,
    Zstd,
    /// A zip archive; a workbook (xlsx) is one too, which its members tell.
    Zip,
    /// Something that we know and cannot read: what it looks like, and what to do.
    Foreign(&'static str, &'static str),
    /// Text, as far as one can see.
    Text,
}

const AGAIN: &str = "export the data as CSV, xlsx or JSON Lines";
const SAVE_AS: &str = "open it in a spreadsheet program and save it as xlsx or CSV";
const UNPACK: &str = "unpack it and import what is inside";

const FOREIGN: [(&[u8], &str, &str); 22] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls) or one with a password", SAVE_AS),
    (b"%PDF", "a PDF", AGAIN),
    (b"\x89PNG", "a picture (PNG)", AGAIN),
    (b"\xff\xd8\xff", "a picture (JPEG)", AGAIN),
    (b"GIF8", "a picture (GIF)", AGAIN),
    (b"RIFF", "a picture or a recording (RIFF)", AGAIN),
    (b"\x7fELF", "a program", AGAIN),
    (b"MZ\x90\x00", "a program", AGAIN),
    (b"SQLite format 3\0", "a SQLite database", AGAIN),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"\xfd7zXZ", "an xz file", UNPACK),
    (b"BZh", "a bzip2 file", UNPACK),
    (b"ORC", "an ORC file", AGAIN),
    (b"Obj\x01", "an Avro file", AGAIN),
    (b"ARROW1", "an Arrow file", "save it as Parquet"),
    (b"{\\rtf", "a text document (RTF)", AGAIN),
    (b"<!DOCTYPE", "an HTML page, which some shops call .xls", SAVE_AS),
    (b"<!doctype", "an HTML page, which some shops call .xls", SAVE_AS),
    (b"<html", "an HTML page, which some shops call .xls", SAVE_AS),
    (b"<table", "an HTML page, which some shops call .xls", SAVE_AS),
    (b"<?xml", "XML", SAVE_AS),
];

/// Judges by the first bytes (a few hundred are enough).
pub(super) fn file_kind(start: &[u8]) -> FileKind {
    let begins = |magic: &[u8]| start.starts_with(magic);
    if begins(b"PAR1") {
        return FileKind::Parquet;
    }
    if begins(b"\x1f\x8b") {
        return FileKind::Gzip;
    }
    let skippable = start.len() >= 4 && (0x50..0x60).contains(&start[0]) && start[1..4] == [0x2a, 0x4d, 0x18];
    if begins(b"\x28\xb5\x2f\xfd") || skippable {
        return FileKind::Zstd;
    }
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return FileKind::Zip;
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let space = text.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let known =
        FOREIGN.iter().find(|(magic, _, _)| start.starts_with(magic) || magic[0] == b'<' && text[space..].starts_with(magic));
    known.map_or(FileKind::Text, |(_, looks_like, advice)| FileKind::Foreign(looks_like, advice))
}

/// Whether decoded text is no text after all: many control characters.
pub(super) fn is_binary(text: &str) -> bool {
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1a}')).count();
    odd > 8 && odd * 20 > text.chars().count()
}
