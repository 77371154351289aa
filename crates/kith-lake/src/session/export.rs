//! An answer, or all touches, into a file for other programs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use arrow::array::RecordBatch;
use futures::StreamExt;
use parquet::arrow::ArrowWriter;

use super::Session;
use super::sheet::{Cell, Cells};
use crate::LakeError;
use crate::part_file::{PartFile, export_properties};

/// The form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// UTF-8 with a header. A text that a spreadsheet would run as a formula gets a `'` in front.
    Csv,
    /// With zstd.
    Parquet,
}

impl Session {
    /// Writes the answer of one SELECT (or, for `touches`, every touch) to `path` and gives the number of rows. Streams: an answer may
    /// be larger than memory. The file is made under another name and appears only when it is whole.
    pub async fn export(&self, text: &str, path: &Path, format: ExportFormat) -> Result<u64, LakeError> {
        const EVERYTHING: &str = "SELECT * FROM touches";
        let engine = |source| self.failed("the export", source);
        let text = if text.trim().eq_ignore_ascii_case("touches") { EVERYTHING } else { text };
        let frame = self.read_only(text).await?;
        let (part, file) = PartFile::create(path)?;
        let schema = frame.schema().inner().clone();
        let mut rows = 0;
        let mut stream = frame.execute_stream().await.map_err(engine)?;
        let mut sink = Sink::new(file, path, &schema, format)?;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(engine)?;
            rows += batch.num_rows() as u64;
            sink.write(&batch)?;
        }
        part.keep(&sink.finish()?)?;
        Ok(rows)
    }
}

enum Form {
    Csv(BufWriter<File>),
    Parquet(Box<ArrowWriter<BufWriter<File>>>),
}

struct Sink<'a> {
    form: Form,
    path: &'a Path,
}

impl<'a> Sink<'a> {
    fn new(
        mut file: BufWriter<File>,
        path: &'a Path,
        schema: &arrow::datatypes::SchemaRef,
        format: ExportFormat,
    ) -> Result<Self, LakeError> {
        let parquet = |error| LakeError::parquet(path, error);
        let form = match format {
            ExportFormat::Csv => {
                let names = schema.fields().iter().map(|field| Cell::Text(field.name().clone()));
                write_line(&mut file, &names.collect::<Vec<_>>()).map_err(|error| LakeError::io(path, error))?;
                Form::Csv(file)
            }
            ExportFormat::Parquet => {
                let properties = export_properties().map_err(parquet)?;
                Form::Parquet(Box::new(ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(parquet)?))
            }
        };
        Ok(Self { form, path })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        match &mut self.form {
            Form::Csv(file) => {
                let cells = Cells::new(batch)?;
                for row in 0..batch.num_rows() {
                    write_line(file, &cells.row(row)?).map_err(|error| LakeError::io(self.path, error))?;
                }
                Ok(())
            }
            Form::Parquet(writer) => writer.write(batch).map_err(|error| LakeError::parquet(self.path, error)),
        }
    }

    fn finish(self) -> Result<File, LakeError> {
        let file = match self.form {
            Form::Csv(file) => file,
            Form::Parquet(writer) => writer.into_inner().map_err(|error| LakeError::parquet(self.path, error))?,
        };
        file.into_inner().map_err(|error| LakeError::io(self.path, error.into_error()))
    }
}

/// One record of RFC 4180.
fn write_line(out: &mut impl Write, cells: &[Cell]) -> std::io::Result<()> {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        match cell {
            Cell::Text(text) => write_text(out, text)?,
            other => write!(out, "{other}")?,
        }
    }
    out.write_all(b"\r\n")
}

/// Spreadsheets run what starts like a formula (OWASP, "CSV injection"); a quote in front makes it text again.
fn write_text(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if !formula && !text.contains([',', '"', '\n', '\r']) {
        return out.write_all(text.as_bytes());
    }
    let mark = if formula { "'" } else { "" };
    write!(out, "\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(texts: &[&str]) -> String {
        let mut out = Vec::new();
        write_line(&mut out, &texts.iter().map(|text| Cell::Text((*text).to_owned())).collect::<Vec<_>>()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text() {
        assert_eq!(line(&["=1+1", "@sum", "-2.5", "+86", "-x", "好"]), "\"'=1+1\",\"'@sum\",-2.5,+86,\"'-x\",好\r\n");
    }

    #[test]
    fn quotes_commas_and_line_feeds_are_quoted() {
        assert_eq!(line(&["a,b", "c\"d", "e\nf"]), "\"a,b\",\"c\"\"d\",\"e\nf\"\r\n");
    }
}
