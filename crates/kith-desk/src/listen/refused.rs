//! The rows that an import refused, as a file that can be corrected and imported alone.
//!
//! Three columns say where the row stood and why it was refused; after them come those of the original, so the same mapping reads it
//! (an import knows such a file by the names of the three). A row keeps its own cells, too few or too many: as long as nobody
//! corrects it, it is refused again.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use kith_channels::file::{REFUSED_COLUMNS, guarded};
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

    /// Writes one refused row with its cells: as many as the row has, which need not be as many as there are columns.
    pub fn push(&mut self, refusal: Refusal, cells: &[String]) -> io::Result<()> {
        if self.file.is_none() {
            let name =
                if self.table <= 1 { format!("{}.csv", self.import) } else { format!("{}-{}.csv", self.import, self.table) };
            let path = self.folder.join(name);
            let mut file = BufWriter::new(File::create(&path)?);
            // With a byte order mark spreadsheets read Chinese as Chinese.
            file.write_all("\u{feff}".as_bytes())?;
            line(&mut file, REFUSED_COLUMNS.map(str::to_owned).iter().chain(&self.columns))?;
            self.file = Some(file);
            self.paths.push(path);
        }
        if let Some(file) = &mut self.file {
            let why = [refusal.row.to_string(), refusal.column.clone(), refusal.reason.clone()];
            line(file, why.iter().chain(cells))?;
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

/// The import whose refused rows this file has, and the place of its table among those of the import: if it is one of ours and lies
/// where we put it. Importing it puts them right.
#[must_use]
pub fn refused_by(store: &Path, file: &Path) -> Option<(i64, usize)> {
    let folder = fs::canonicalize(store.join("refused")).ok()?;
    let file = fs::canonicalize(file).ok()?;
    if file.parent()? != folder {
        return None;
    }
    let name = file.file_stem()?.to_str()?;
    let (import, table) = name.split_once('-').unwrap_or((name, "1"));
    Some((import.parse().ok()?, table.parse::<usize>().ok()?.checked_sub(1)?))
}

fn line<'a>(file: &mut impl Write, cells: impl Iterator<Item = &'a String>) -> io::Result<()> {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            file.write_all(b",")?;
        }
        let cell = guarded(cell);
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
            "\u{feff}kith_row,kith_column,kith_reason,时间,金额\r\n7,金额,\"`x, y` is not a number\",2026-01-03,\"x, \"\"y\"\"\"\r\n"
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
    fn a_row_of_another_length_stands_there_with_its_own_cells() {
        let folder = tempfile::tempdir().unwrap();
        let mut refused = RefusedRows::new(folder.path(), 3);
        refused.table(&["a".into(), "b".into()]).unwrap();
        refused.push(refusal(2, "r"), &["1".into(), "2".into(), "'=3".into()]).unwrap();
        refused.push(refusal(4, "r"), &["1".into()]).unwrap();
        refused.finish().unwrap();
        let text = fs::read_to_string(&refused.paths()[0]).unwrap();
        assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), ["2,金额,r,1,2,''=3", "4,金额,r,1"]);
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
    fn a_file_is_known_by_where_it_lies() {
        let store = tempfile::tempdir().unwrap();
        fs::create_dir(store.path().join("refused")).unwrap();
        for (name, known) in [("3.csv", Some((3, 0))), ("3-2.csv", Some((3, 1))), ("3-0.csv", None), ("a.csv", None)] {
            let path = store.path().join("refused").join(name);
            fs::write(&path, "").unwrap();
            assert_eq!(refused_by(store.path(), &path), known, "{name}");
        }
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
