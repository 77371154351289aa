//! gzip, zstd and zip, as streams, within limits; an archive's names are shown and never used as paths.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::GB18030;
use flate2::Crc;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use super::open::{FileError, Limits};
use super::sheet::Book;
use super::table::Meter;

const BUFFER: usize = 1 << 17;
/// Enough to tell what a file is.
const PEEK: u64 = 1024;

/// The first bytes.
pub(super) fn peek(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    input.take(PEEK).read_to_end(&mut start)?;
    Ok(start)
}

/// Counts what is read.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(into)?;
        self.count.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// All members of a gzip file, one after the other.
pub(super) fn gzip(input: impl Read + Send) -> impl Read + Send {
    MultiGzDecoder::new(BufReader::with_capacity(BUFFER, input))
}

pub(super) fn zstd<R: Read + Send>(input: R) -> io::Result<impl Read + Send + use<R>> {
    zstd::stream::read::Decoder::with_buffer(BufReader::with_capacity(BUFFER, input))
}

/// How much may still come out.
pub(super) struct Budget {
    name: String,
    packed: Arc<AtomicU64>,
    unpacked: u64,
    /// Of all members of an archive together.
    total: Arc<AtomicU64>,
    limits: Limits,
}

impl Budget {
    pub(super) fn new(name: &str, meter: &Meter, limits: &Limits) -> Self {
        Self { name: name.to_owned(), packed: meter.count(), unpacked: 0, total: Arc::default(), limits: limits.clone() }
    }

    pub(super) fn sharing(mut self, total: Arc<AtomicU64>) -> Self {
        self.total = total;
        self
    }

    fn spend(&mut self, bytes: u64) -> io::Result<()> {
        self.unpacked += bytes;
        let total = self.total.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let limit = self.limits.max_unpacked_bytes;
        if total > limit {
            return Err(io::Error::other(FileError::TooLarge { name: self.name.clone(), limit }));
        }
        let (packed, ratio) = (self.packed.load(Ordering::Relaxed).max(1), self.limits.max_unpacked_ratio);
        if self.unpacked > self.limits.free_unpacked_bytes && self.unpacked / packed > ratio {
            return Err(io::Error::other(FileError::Bomb { name: self.name.clone(), ratio }));
        }
        Ok(())
    }
}

/// What comes out of a decompressor, within its budget.
pub(super) struct Bounded<R> {
    inner: R,
    budget: Budget,
}

impl<R> Bounded<R> {
    pub(super) const fn new(inner: R, budget: Budget) -> Self {
        Self { inner, budget }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(into)?;
        self.budget.spend(got as u64)?;
        Ok(got)
    }
}

/// A file of a zip archive that can be read on its own.
#[derive(Debug)]
pub(super) struct Member {
    /// `archive.zip/member.csv`, only to be shown.
    pub(super) name: String,
    start: u64,
    pub(super) packed: u64,
    size: u64,
    crc: u32,
    stored: bool,
}

impl Member {
    pub(super) fn open(&self, path: &Path, count: Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(self.start))?;
        Ok(self.read(Counted { inner: file.take(self.packed), count }))
    }

    fn read(&self, input: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        let input = BufReader::with_capacity(BUFFER, input);
        let (crc, size) = (self.crc, self.size);
        if self.stored {
            Box::new(Checked { inner: input, sum: Crc::new(), read: 0, crc, size })
        } else {
            Box::new(Checked { inner: DeflateDecoder::new(input), sum: Crc::new(), read: 0, crc, size })
        }
    }
}

/// Compares a member with the sum and the size that its archive gives.
struct Checked<R> {
    inner: R,
    sum: Crc,
    read: u64,
    crc: u32,
    size: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(into)?;
        self.sum.update(&into[..got]);
        self.read += got as u64;
        let wrong =
            self.read > self.size || got == 0 && !into.is_empty() && (self.read != self.size || self.sum.sum() != self.crc);
        if wrong {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the archive's check sum does not fit"));
        }
        Ok(got)
    }
}

/// Whether a zip archive is a workbook.
pub(super) fn is_workbook(book: &Book, name: &str) -> Result<bool, FileError> {
    let archive = archive(book, name)?;
    Ok(archive.file_names_raw().any(|file| file.eq_ignore_ascii_case(b"xl/workbook.xml")))
}

/// The files of a zip archive, in its order, without folders and what macOS adds.
pub(super) fn members(path: &Path, name: &str, limits: &Limits) -> Result<Vec<Member>, FileError> {
    list(&Book::File(path.to_owned()), name, limits)
}

/// Unpacks a whole workbook into nothing, to know that it keeps the limits before anything is built from it.
pub(super) fn weigh(book: &Book, name: &str, limits: &Limits) -> Result<(), FileError> {
    let limits = Limits { max_unpacked_bytes: limits.max_workbook_bytes.min(limits.max_unpacked_bytes), ..limits.clone() };
    let total = Arc::default();
    for member in list(book, name, &limits)? {
        let meter = Meter::new(None);
        let failed = |source| FileError::reading(name.to_owned(), source, 0);
        let mut file = book.open().map_err(failed)?;
        file.seek(SeekFrom::Start(member.start)).map_err(failed)?;
        let input = member.read(Counted { inner: file.take(member.packed), count: meter.count() });
        let budget = Budget::new(name, &meter, &limits).sharing(Arc::clone(&total));
        io::copy(&mut Bounded::new(input, budget), &mut io::sink()).map_err(failed)?;
    }
    Ok(())
}

fn archive(book: &Book, name: &str) -> Result<ZipArchive<Box<dyn super::sheet::ReadSeek>>, FileError> {
    let file = book.open().map_err(|source| FileError::Io { name: name.to_owned(), source })?;
    ZipArchive::new(file).map_err(|error| FileError::Archive { name: name.to_owned(), reason: error.to_string() })
}

fn list(book: &Book, name: &str, limits: &Limits) -> Result<Vec<Member>, FileError> {
    let mut archive = archive(book, name)?;
    let broken = |reason: String| FileError::Archive { name: name.to_owned(), reason };
    if archive.len() > limits.max_members {
        return Err(broken(format!("it has {} members, and at most {} are read", archive.len(), limits.max_members)));
    }
    if archive.has_overlapping_files().map_err(|error| broken(error.to_string()))? {
        return Err(broken("its members overlap".into()));
    }
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| broken(error.to_string()))?;
        let shown = shown_name(file.name_raw());
        let last = shown.rsplit('/').next().unwrap_or("");
        if file.is_dir() || shown.starts_with("__MACOSX/") || last == ".DS_Store" || last == "Thumbs.db" {
            continue;
        }
        if file.encrypted() {
            return Err(FileError::Encrypted { name: format!("{name}/{shown}") });
        }
        let stored = match file.compression() {
            CompressionMethod::Stored => true,
            CompressionMethod::Deflated => false,
            other => return Err(broken(format!("`{shown}` is packed as {other}"))),
        };
        let start = file.data_start().ok_or_else(|| broken(format!("`{shown}` has no place in it")))?;
        let (packed, size, crc) = (file.compressed_size(), file.size(), file.crc32());
        members.push(Member { name: format!("{name}/{shown}"), start, packed, size, crc, stored });
    }
    Ok(members)
}

/// A member's name as text: UTF-8, or GB18030 as Windows in China writes it.
fn shown_name(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
