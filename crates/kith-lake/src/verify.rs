//! Are the files still what they were when they were written?

use std::fs::{self, File};
use std::io;

use crate::{Lake, LakeError, LakeFile};

/// A file that is not as the catalogue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    pub path: String,
    pub what: Fault,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Missing,
    Size {
        expected: u64,
        found: u64,
    },
    /// Its bytes changed since it was written.
    Digest,
    Rows {
        expected: u64,
        found: u64,
    },
    Unreadable(String),
}

impl std::fmt::Display for FileFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.path, self.what)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Size { expected, found } => write!(f, "has {found} bytes and should have {expected}"),
            Self::Digest => f.write_str("has changed since it was written"),
            Self::Rows { expected, found } => write!(f, "has {found} rows and should have {expected}"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
        }
    }
}

impl Lake {
    /// Compares files with the catalogue: that they are there, their size and footer; `deep` reads every byte for its digest.
    #[must_use]
    pub fn verify(&self, files: &[LakeFile], deep: bool) -> Vec<FileFault> {
        let fault = |file: &LakeFile| self.fault(file, deep).map(|what| FileFault { path: file.path.clone(), what });
        files.iter().filter_map(fault).collect()
    }

    /// The first file that is not as it was written, every byte of each being read; sizes are compared before all else.
    pub(crate) fn first_fault(&self, files: &[LakeFile]) -> Option<FileFault> {
        let by_size = self.verify(files, false).into_iter().next();
        by_size.or_else(|| files.iter().find_map(|file| self.verify(std::slice::from_ref(file), true).pop()))
    }

    fn fault(&self, file: &LakeFile, deep: bool) -> Option<Fault> {
        let path = self.absolute(&file.path);
        let found = match fs::metadata(&path) {
            Ok(about) => about.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Fault::Missing),
            Err(error) => return Some(Fault::Unreadable(error.to_string())),
        };
        if found != file.bytes {
            return Some(Fault::Size { expected: file.bytes, found });
        }
        if deep {
            let mut digest = blake3::Hasher::new();
            let read = File::open(&path).and_then(|file| digest.update_reader(file).map(|_| ()));
            match read {
                Err(error) => return Some(Fault::Unreadable(error.to_string())),
                Ok(()) if digest.finalize().to_hex().as_str() != file.digest => return Some(Fault::Digest),
                Ok(()) => {}
            }
        }
        // A footer kept in memory says nothing of the file.
        self.forget_footer(&file.path);
        match self.footer(&file.path) {
            Ok(footer) => {
                let found = u64::try_from(footer.metadata().file_metadata().num_rows()).unwrap_or(0);
                (found != file.rows).then_some(Fault::Rows { expected: file.rows, found })
            }
            Err(LakeError::CorruptFile { why, .. }) => Some(Fault::Unreadable(why)),
            Err(error) => Some(Fault::Unreadable(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{lake, touch};

    #[test]
    fn each_fault_is_told_by_its_name() {
        let lake = lake();
        let files = lake.write(&[touch("1", 1, "2026-01-01T00:00:00Z")]);
        let path = lake.lake.root().join(&files[0].path);
        let whole = fs::read(&path).unwrap();
        let fault = |bytes: &[u8], deep| {
            fs::write(&path, bytes).unwrap();
            lake.lake.verify(&files, deep).pop().map(|fault| fault.what)
        };
        assert_eq!(fault(&whole, true), None);
        assert!(matches!(fault(&whole[..50], false), Some(Fault::Size { found: 50, .. })));
        let mut changed = whole.clone();
        changed[10] ^= 1;
        assert_eq!(fault(&changed, true), Some(Fault::Digest));
        let mut cut = whole.clone();
        let end = cut.len();
        cut[end - 12..].fill(0);
        assert!(matches!(fault(&cut, false), Some(Fault::Unreadable(_))));
        fs::remove_file(&path).unwrap();
        assert_eq!(lake.lake.verify(&files, false), [FileFault { path: files[0].path.clone(), what: Fault::Missing }]);
    }
}
