//! Opening an exported file: whatever it is packed in and written as, out come tables of text.

use std::fmt;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use super::decode::{self, Decoder, SAMPLE_BYTES};
use super::delimited::DelimitedReader;
use super::json_lines::JsonReader;
use super::sheet::{self, Book};
use super::sniff::{FileKind, file_kind, is_binary};
use super::table::{Facts, Meter, Rows, Table};
use super::unpack::{self, Bounded, Budget, Counted};

/// How to read a file; what is `None` is found out.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    pub delimiter: Option<Delimiter>,
    /// A name such as `gb18030`, `utf-16le`, `windows-1252`.
    pub encoding: Option<String>,
    /// Whether the first row has the columns' names.
    pub header: Option<bool>,
    /// The one sheet of a workbook to read.
    pub sheet: Option<String>,
    pub limits: Limits,
    /// About how much text one chunk has, in bytes.
    pub chunk_bytes: usize,
}

/// What parts the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// An ASCII character; quotes are those of RFC 4180.
    Byte(u8),
    /// Runs of spaces and tabs; there are no quotes.
    Whitespace,
}

impl Delimiter {
    /// Parses what a person calls it: `,`, `;`, `|`, `tab` or `space`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "tab" | "\t" | "\\t" => Some(Self::Byte(b'\t')),
            "space" | "spaces" | " " => Some(Self::Whitespace),
            _ => match text.as_bytes() {
                [byte] if byte.is_ascii_punctuation() && *byte != b'"' => Some(Self::Byte(*byte)),
                _ => None,
            },
        }
    }
}

impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(b'\t') => f.write_str("tabs"),
            Self::Byte(byte) => write!(f, "`{}`", char::from(*byte)),
            Self::Whitespace => f.write_str("spaces"),
        }
    }
}

/// Beyond these a file is refused as an accident or an attack. All in bytes.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Of one row; an opening quote that never closes ends here.
    pub max_row_bytes: usize,
    /// How many times its packed size a file may unpack to, once it is above `free_unpacked_bytes`.
    pub max_unpacked_ratio: u64,
    pub free_unpacked_bytes: u64,
    /// Of all that one file unpacks to.
    pub max_unpacked_bytes: u64,
    /// Of a workbook, unpacked: its texts are held in memory.
    pub max_workbook_bytes: u64,
    pub max_members: usize,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { delimiter: None, encoding: None, header: None, sheet: None, limits: Limits::default(), chunk_bytes: 4 << 20 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_row_bytes: 16 << 20,
            max_unpacked_ratio: 200,
            free_unpacked_bytes: 8 << 20,
            max_unpacked_bytes: 50 << 30,
            max_workbook_bytes: 4 << 30,
            max_members: 1000,
        }
    }
}

/// Why a file cannot be read, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("could not read `{name}`: check that it exists and that you may read it")]
    Io {
        name: String,
        #[source]
        source: std::io::Error,
    },
    /// A reader that the caller brought with it failed.
    #[error("`{name}` could not be read")]
    Foreign {
        name: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Not a fault: the caller reads Parquet by other means.
    #[error("the file is Parquet")]
    IsParquet,
    #[error("`{name}` is empty: export it again")]
    Empty { name: String },
    #[error("`{name}` looks like {looks_like}, not like a table: {advice}")]
    NotATable { name: String, looks_like: String, advice: String },
    #[error("`{name}` was read as {encoding}, but byte {byte} in row {row} cannot be: name its encoding, or repair that row")]
    Encoding { name: String, encoding: String, byte: u64, row: u64 },
    #[error("`{name}` is in no encoding that can be told with certainty (perhaps {guess}): name its encoding")]
    UnknownEncoding { name: String, guess: String },
    #[error("`{0}` is not the name of an encoding: use one such as utf-8, gb18030, big5 or utf-16le")]
    NoSuchEncoding(String),
    #[error("cells cannot be parted by {0:?}: use a comma, a tab, a semicolon or another ASCII mark")]
    NoSuchDelimiter(char),
    #[error("row {row} of `{name}` is longer than {limit} bytes: is a quote or a line end missing there?")]
    RowTooLong { name: String, row: u64, limit: usize },
    #[error("a quote that opens in row {row} of `{name}` never closes: close it, or double it if it belongs to the text")]
    OpenQuote { name: String, row: u64 },
    #[error("`{name}` ends in the midst of row {row}: export or copy it again")]
    CutShort { name: String, row: u64 },
    #[error("`{name}` is damaged or cut short (after {at} bytes of its content): export or copy it again")]
    Damaged {
        name: String,
        at: u64,
        #[source]
        source: std::io::Error,
    },
    #[error("`{name}` unpacks to more than {limit} bytes: raise the limit if that is right")]
    TooLarge { name: String, limit: u64 },
    #[error(
        "`{name}` unpacks to more than {ratio} times its size, as files made to fill a disk do: raise the limit if that is right"
    )]
    Bomb { name: String, ratio: u64 },
    #[error("`{name}` is locked with a password: unlock it first")]
    Encrypted { name: String },
    #[error("`{name}` has an archive inside the archive: unpack it first")]
    Nested { name: String },
    #[error("`{name}` cannot be read as an archive ({reason}): pack it again as plain zip")]
    Archive { name: String, reason: String },
    #[error("the workbook `{name}` cannot be read ({reason}): open it in a spreadsheet program and save it again")]
    Workbook { name: String, reason: String },
    #[error("`{name}` has no sheet `{sheet}` with data: it has {sheets}")]
    NoSuchSheet { name: String, sheet: String, sheets: String },
    #[error("row {row} of `{name}` could not be read: {reason}")]
    Row { name: String, row: u64, reason: String },
}

impl FileError {
    /// What an error of the reading side means; `at` bytes had come out before it.
    pub(super) fn reading(name: String, source: std::io::Error, at: u64) -> Self {
        use std::io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
        match source.downcast::<Self>() {
            Ok(own) => own,
            Err(source) if matches!(source.kind(), UnexpectedEof | InvalidData | InvalidInput | Other) => {
                Self::Damaged { name, at, source }
            }
            Err(source) => Self::Io { name, source },
        }
    }
}

/// Opens a file: a table for each member of a zip archive and for each sheet with data of a workbook, else one. The file must
/// stay in its place until its tables are read: a workbook is opened again for each sheet.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Vec<Table>, FileError> {
    if let Some(Delimiter::Byte(byte)) = options.delimiter
        && (!byte.is_ascii() || byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'\n' | b'\r' | 0))
    {
        return Err(FileError::NoSuchDelimiter(char::from(byte)));
    }
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let failed = |source| FileError::Io { name: name.clone(), source };
    let mut file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(failed(std::io::Error::from(std::io::ErrorKind::IsADirectory)));
    }
    let start = unpack::peek(&mut file).map_err(failed)?;
    let kind = file_kind(&start);
    let meter = Meter::new(Some(about.len()));
    if kind == FileKind::Zip {
        drop(file);
        let book = Book::File(path.to_owned());
        return if unpack::is_workbook(&book, &name)? {
            sheet::open(name, book, meter, "none", options)
        } else {
            members(path, &name, options)
        };
    }
    let input = Counted { inner: Cursor::new(start).chain(file), count: meter.count() };
    let budget = Budget::new(&name, &meter, &options.limits);
    match kind {
        FileKind::Gzip => packed(name, Bounded::new(unpack::gzip(input), budget), "gzip", meter, options),
        FileKind::Zstd => {
            let unpacked = unpack::zstd(input).map_err(|source| FileError::reading(name.clone(), source, 0))?;
            packed(name, Bounded::new(unpacked, budget), "zstd", meter, options)
        }
        kind => plain(name, kind, Box::new(input), "none", meter, options).map(|table| vec![table]),
    }
}

/// The members of a zip archive, each a table (or, if it is a workbook, several).
fn members(path: &Path, name: &str, options: &OpenOptions) -> Result<Vec<Table>, FileError> {
    let mut tables = Vec::new();
    let total = Arc::default();
    for member in unpack::members(path, name, &options.limits)? {
        let meter = Meter::new(Some(member.packed));
        let budget = Budget::new(&member.name, &meter, &options.limits).sharing(Arc::clone(&total));
        let input = member.open(path, meter.count()).map_err(|source| FileError::reading(member.name.clone(), source, 0))?;
        match packed(member.name, Bounded::new(input, budget), "zip", meter, options) {
            Ok(found) => tables.extend(found),
            // An empty member is a folder's mark or a day without rows.
            Err(FileError::Empty { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    if tables.is_empty() { Err(FileError::Empty { name: name.to_owned() }) } else { Ok(tables) }
}

/// What has been unpacked once, and shall not be unpacked twice.
fn packed(
    name: String,
    mut input: impl Read + Send + 'static,
    compression: &'static str,
    meter: Meter,
    options: &OpenOptions,
) -> Result<Vec<Table>, FileError> {
    let start = unpack::peek(&mut input).map_err(|source| FileError::reading(name.clone(), source, 0))?;
    match file_kind(&start) {
        FileKind::Gzip | FileKind::Zstd => Err(FileError::Nested { name }),
        FileKind::Parquet => {
            Err(FileError::NotATable { name, looks_like: "packed Parquet".into(), advice: "unpack it first".into() })
        }
        FileKind::Zip => {
            let mut bytes = start;
            let limit = options.limits.max_workbook_bytes;
            let read = input.take(limit.saturating_add(1)).read_to_end(&mut bytes);
            read.map_err(|source| FileError::reading(name.clone(), source, bytes.len() as u64))?;
            if bytes.len() as u64 > limit {
                return Err(FileError::TooLarge { name, limit });
            }
            let book = Book::Memory(bytes.into());
            if unpack::is_workbook(&book, &name)? {
                sheet::open(name, book, meter, compression, options)
            } else {
                Err(FileError::Nested { name })
            }
        }
        kind => {
            plain(name, kind, Box::new(Cursor::new(start).chain(input)), compression, meter, options).map(|table| vec![table])
        }
    }
}

/// Text, in whatever encoding: JSON or delimited.
fn plain(
    name: String,
    kind: FileKind,
    input: Box<dyn Read + Send>,
    compression: &'static str,
    meter: Meter,
    options: &OpenOptions,
) -> Result<Table, FileError> {
    match kind {
        FileKind::Parquet => return Err(FileError::IsParquet),
        FileKind::Foreign(looks_like, advice) => {
            return Err(FileError::NotATable { name, looks_like: looks_like.into(), advice: advice.into() });
        }
        _ => {}
    }
    let named = match &options.encoding {
        Some(label) => Some(decode::named(label).ok_or_else(|| FileError::NoSuchEncoding(label.clone()))?),
        None => None,
    };
    let mut decoder = Decoder::open(input, named).map_err(|fault| fault.of(&name, 1))?;
    let (mut head, mut over) = (String::new(), false);
    while head.len() < SAMPLE_BYTES && !over {
        let read = decoder.more(&mut head, SAMPLE_BYTES);
        over = !read.map_err(|fault| fault.of(&name, 1 + memchr::memchr_iter(b'\n', head.as_bytes()).count() as u64))?;
    }
    if over && head.trim().is_empty() {
        return Err(FileError::Empty { name });
    }
    if is_binary(&head) {
        let (looks_like, advice) = ("binary data".into(), "export the data as CSV, xlsx or JSON Lines".into());
        return Err(FileError::NotATable { name, looks_like, advice });
    }
    let mut facts =
        Facts { encoding: decoder.encoding().to_owned(), delimiter: None, compression, header: true, skipped_rows: 0 };
    if let Some(array) = json_shape(&name, &head)? {
        let (reader, columns) =
            JsonReader::open(name.clone(), decoder, head, array, options.chunk_bytes.max(1), &options.limits)?;
        return Ok(Table::new(name, columns, facts, Rows::Other(Box::new(reader)), meter));
    }
    let opened = DelimitedReader::open(name.clone(), decoder, head, over, options)?;
    facts.delimiter = Some(opened.delimiter);
    facts.header = opened.header;
    facts.skipped_rows = opened.skipped_rows;
    Ok(Table::new(name, opened.columns, facts, Rows::Delimited(Box::new(opened.reader)), meter))
}

/// `Some(true)`: one array of objects; `Some(false)`: an object a line; `None`: no JSON.
fn json_shape(name: &str, head: &str) -> Result<Option<bool>, FileError> {
    let text = head.trim_start();
    if let Some(rest) = text.strip_prefix('[') {
        return Ok(rest.trim_start().starts_with('{').then_some(true));
    }
    if !text.starts_with('{') {
        return Ok(None);
    }
    let object = |line: &str| matches!(serde_json::from_str(line), Ok(serde_json::Value::Object(_)));
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or("");
    if object(first) || first.len() == text.len() && first.starts_with("{\"") || lines.take(20).any(object) {
        return Ok(Some(false));
    }
    if first.trim() == "{" || text.trim_start_matches('{').trim_start().starts_with('"') && object(text) {
        let advice = "export JSON Lines (one object a line) or one array of objects".into();
        return Err(FileError::NotATable {
            name: name.to_owned(),
            looks_like: "one JSON object over several lines".into(),
            advice,
        });
    }
    Ok(None)
}
