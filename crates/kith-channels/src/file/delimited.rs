//! Delimited text in chunks of whole rows, found by one scan for quotes and line ends.

use super::decode::{DecodeFault, Decoder, SAMPLE_BYTES};
use super::header::{find_head, first_rows, sniff_delimiter};
use super::open::{Delimiter, FileError, OpenOptions};
use super::row::Chunk;
use super::split::Cutter;

/// Cuts decoded text into chunks.
pub(super) struct DelimitedReader {
    name: String,
    decoder: Decoder,
    buffer: String,
    cutter: Cutter,
    delimiter: Delimiter,
    width: usize,
    next_row: u64,
    chunk_bytes: usize,
    max_row_bytes: usize,
    over: bool,
}

/// What the first rows said.
pub(super) struct Opened {
    pub(super) reader: DelimitedReader,
    pub(super) columns: Vec<String>,
    pub(super) header: bool,
    pub(super) skipped_rows: u64,
    pub(super) delimiter: Delimiter,
}

impl DelimitedReader {
    /// Goes on after `head`, text that was decoded already; `over` if that was all.
    pub(super) fn open(
        name: String,
        decoder: Decoder,
        head: String,
        over: bool,
        options: &OpenOptions,
    ) -> Result<Opened, FileError> {
        let mut sample = head.len().min(SAMPLE_BYTES);
        while !head.is_char_boundary(sample) {
            sample -= 1;
        }
        let whole = over && sample == head.len();
        let delimiter = options.delimiter.unwrap_or_else(|| sniff_delimiter(&head[..sample], whole));
        let first = first_rows(&head[..sample], delimiter, whole);
        let found = find_head(&first.rows, options.header);
        let passed = found.skipped + usize::from(found.header);
        let mut buffer = head;
        let start = passed.checked_sub(1).and_then(|last| first.ends.get(last)).copied().unwrap_or(0);
        // A single row longer than the sample: its own length is judged by the scan below, and the file has no other columns.
        let whole_row = start < sample || whole || passed == 0;
        if !whole_row {
            return Err(FileError::RowTooLong { name, row: passed as u64, limit: SAMPLE_BYTES });
        }
        buffer.drain(..start);
        let cutter = Cutter::new(match delimiter {
            Delimiter::Byte(byte) => Some(byte),
            Delimiter::Whitespace => None,
        });
        let reader = Self {
            name,
            decoder,
            buffer,
            cutter,
            delimiter,
            width: found.columns.len(),
            next_row: passed as u64 + 1,
            chunk_bytes: options.chunk_bytes.max(1),
            max_row_bytes: options.limits.max_row_bytes,
            over,
        };
        Ok(Opened { reader, columns: found.columns, header: found.header, skipped_rows: found.skipped as u64, delimiter })
    }

    pub(super) fn encoding(&self) -> &'static str {
        self.decoder.encoding()
    }

    fn next_chunk(&mut self) -> Result<Option<Chunk>, FileError> {
        loop {
            self.cutter.scan(self.buffer.as_bytes(), self.over);
            let row = self.next_row + self.cutter.rows;
            let open = self.buffer.len() - self.cutter.whole;
            if open > self.max_row_bytes {
                return Err(FileError::RowTooLong { name: self.name.clone(), row, limit: self.max_row_bytes });
            }
            if self.over {
                if self.cutter.in_quotes() {
                    return Err(FileError::OpenQuote { name: self.name.clone(), row });
                }
                let text = std::mem::take(&mut self.buffer);
                self.cutter = Cutter::new(None);
                return Ok((!text.is_empty()).then(|| self.chunk(text)));
            }
            if self.cutter.whole >= self.chunk_bytes {
                let rest = self.buffer.split_off(self.cutter.whole);
                let text = std::mem::replace(&mut self.buffer, rest);
                let chunk = self.chunk(text);
                self.next_row += self.cutter.rows;
                self.cutter.taken();
                return Ok(Some(chunk));
            }
            match self.decoder.more(&mut self.buffer, self.chunk_bytes) {
                Ok(more) => self.over = !more,
                Err(fault) => return Err(self.fault(fault)),
            }
        }
    }

    fn chunk(&self, text: String) -> Chunk {
        match self.delimiter {
            Delimiter::Byte(byte) => Chunk::delimited(self.next_row, self.width, text, byte),
            Delimiter::Whitespace => Chunk::spaced(self.next_row, self.width, text),
        }
    }

    /// The text up to the fault has been decoded; its row ends say in which row it lies.
    fn fault(&mut self, fault: DecodeFault) -> FileError {
        self.cutter.scan(self.buffer.as_bytes(), true);
        fault.of(&self.name, self.next_row + self.cutter.rows)
    }
}

impl Iterator for DelimitedReader {
    type Item = Result<Chunk, FileError>;
    fn next(&mut self) -> Option<Self::Item> {
        self.next_chunk().transpose()
    }
}
