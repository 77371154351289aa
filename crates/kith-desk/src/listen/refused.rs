//! The rows that an import refused, as a file that can be corrected and imported alone.
//!
//! It has the columns of the original, so the same mapping reads it, and three more at the end that say where the row stood
//! and why it was refused; an import passes over columns whose names begin with `kith_`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use kith_channels::file::csv_safe;
use kith_core::Refusal;

/// Writes refused rows while an import goes on; makes no file where nothing is refused.
pub struct RefusedRows {
    folder: PathBuf,
    import: i64,
    columns: Vec<String>,
    table: usize,
    file: Option<BufWriter<File>>,
    paths: Vec<PathBuf>,
    first: Vec<Refusal>,
    count: u64,
}

/// So many refusals are shown; the file has all.
const SHOWN: usize = 20;

impl RefusedRows {
    #[must_use]
    pub fn new(folder: &Path, import: i64) -> Self {
        let folder = folder.to_owned();
        Self { folder, import, columns: Vec::new(), table: 0, file: None, paths: Vec::new(), first: Vec::new(), count: 0 }
    }

    /// Rows that come from now on belong to the next table of the file, which has these columns.
    pub fn table(&mut self, columns: &[String]) -> io::Result<()> {
        self.close()?;
        self.table += 1;
        self.columns = columns.to_vec();
        Ok(())
    }

    /// Writes one refused row with its cells (fewer than columns where the row itself was broken).
    pub fn push(&mut self, refusal: Refusal, cells: &[String]) -> io::Result<()> {
        if self.file.is_none() {
            let name =
                if self.table <= 1 { format!("{}.csv", self.import) } else { format!("{}-{}.csv", self.import, self.table) };
            let path = self.folder.join(name);
            let mut file = BufWriter::new(File::create(&path)?);
            // With a byte order mark spreadsheets read Chinese as Chinese.
            file.write_all("\u{feff}".as_bytes())?;
            let extra = ["kith_row", "kith_column", "kith_reason"].map(str::to_owned);
            line(&mut file, self.columns.iter().chain(&extra))?;
            self.file = Some(file);
            self.paths.push(path);
        }
        if let Some(file) = &mut self.file {
            let empty = String::new();
            let cells = (0..self.columns.len()).map(|at| cells.get(at).unwrap_or(&empty));
            let why = [refusal.row.to_string(), refusal.column.clone(), refusal.reason.clone()];
            line(file, cells.chain(&why))?;
        }
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(refusal);
        }
        Ok(())
    }

    /// Everything is on disk when this returns.
    pub fn finish(&mut self) -> io::Result<()> {
        self.close()
    }

    fn close(&mut self) -> io::Result<()> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        file.flush()?;
        file.get_ref().sync_all()
    }

    /// Removes what was written: the import has failed.
    pub fn remove(&mut self) {
        self.file = None;
        for path in self.paths.drain(..) {
            // What cannot be removed is in nobody's way: no import knows it.
            let _ = fs::remove_file(path);
        }
    }

    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    #[must_use]
    pub fn first(&self) -> &[Refusal] {
        &self.first
    }

    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
}

/// The import whose refused rows this file has, if it is one of ours: importing it puts them right.
#[must_use]
pub fn import_of(store: &Path, file: &Path) -> Option<i64> {
    let folder = fs::canonicalize(store.join("refused")).ok()?;
    let file = fs::canonicalize(file).ok()?;
    if file.parent()? != folder {
        return None;
    }
    file.file_stem()?.to_str()?.split('-').next()?.parse().ok()
}

fn line<'a>(file: &mut impl Write, cells: impl Iterator<Item = &'a String>) -> io::Result<()> {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            file.write_all(b",")?;
        }
        let cell = csv_safe(cell);
        if cell.contains(['"', ',', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            write!(file, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            file.write_all(cell.as_bytes())?;
        }
    }
    file.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(row: u64, reason: &str) -> Refusal {
        Refusal { row, column: "金额".into(), value: "x".into(), reason: reason.into() }
    }

    #[test]
    fn a_refused_row_keeps_its_columns_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let mut refused = RefusedRows::new(folder.path(), 3);
        refused.table(&["时间".into(), "金额".into()]).unwrap();
        refused.push(refusal(7, "`x, y` is not a number"), &["2026-01-03".into(), "x, \"y\"".into()]).unwrap();
        refused.finish().unwrap();
        let text = fs::read_to_string(&refused.paths()[0]).unwrap();
        assert_eq!(
            text,
            "\u{feff}时间,金额,kith_row,kith_column,kith_reason\r\n2026-01-03,\"x, \"\"y\"\"\",7,金额,\"`x, y` is not a number\"\r\n"
        );
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_made_harmless() {
        let folder = tempfile::tempdir().unwrap();
        let mut refused = RefusedRows::new(folder.path(), 3);
        refused.table(&["name".into()]).unwrap();
        refused.push(refusal(2, "r"), &["=HYPERLINK(1)".into()]).unwrap();
        refused.finish().unwrap();
        assert!(fs::read_to_string(&refused.paths()[0]).unwrap().contains("'=HYPERLINK(1)"));
    }

    #[test]
    fn nothing_refused_makes_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut refused = RefusedRows::new(folder.path(), 3);
        refused.table(&["name".into()]).unwrap();
        refused.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn each_table_of_a_workbook_has_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let mut refused = RefusedRows::new(folder.path(), 3);
        for name in ["a", "b"] {
            refused.table(&[name.to_owned()]).unwrap();
            refused.push(refusal(2, "r"), &["1".into()]).unwrap();
        }
        refused.finish().unwrap();
        let names: Vec<_> = refused.paths().iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["3.csv", "3-2.csv"]);
        refused.remove();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
