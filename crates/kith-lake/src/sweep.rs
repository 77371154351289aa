//! Files that nobody knows: left behind by a crash, or replaced by merged ones.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::{Lake, LakeError};

/// A question that is still running may spill into the folder for temporary files; after a day it is no longer running.
const SPILL_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that the catalogue does not know.
    pub orphans: u64,
    /// Files that were being written when something stopped.
    pub unfinished: u64,
    pub bytes: u64,
}

impl Lake {
    /// Removes every file that is not in the catalogue, and every one that was never finished. `known` are the catalogue's paths, of
    /// all tenants. Only for the one writer, which holds the store's lock, before it writes.
    pub fn sweep(&self, known: &HashSet<String>) -> Result<Swept, LakeError> {
        let mut swept = Swept::default();
        for entry in entries(&self.root().join("tmp"))? {
            let spilled = entry.is_dir();
            if spilled && !is_old(&entry) {
                continue;
            }
            let bytes = size(&entry);
            let removed = if spilled { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) };
            swept.unfinished += gone(&entry, removed)?;
            swept.bytes += bytes;
        }
        for tenant in folders(self.root())?.into_iter().filter(|folder| !folder.ends_with("tmp")) {
            for month in folders(&tenant)? {
                for file in entries(&month)?.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "parquet"))
                {
                    let relative = file.strip_prefix(self.root()).ok().and_then(Path::to_str);
                    if relative.is_some_and(|relative| known.contains(relative)) {
                        continue;
                    }
                    let bytes = size(&file);
                    swept.orphans += gone(&file, fs::remove_file(&file))?;
                    swept.bytes += bytes;
                }
                // Fails where the folder is not empty, and that is right.
                let _ = fs::remove_dir(&month);
            }
        }
        Ok(swept)
    }
}

fn gone(path: &Path, removed: io::Result<()>) -> Result<u64, LakeError> {
    match removed {
        Ok(()) => Ok(1),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(LakeError::io(path, error)),
    }
}

fn is_old(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|about| about.modified());
    modified.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > SPILL_AGE))
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |about| if about.is_file() { about.len() } else { 0 })
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let read = match fs::read_dir(folder) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LakeError::io(folder, error)),
    };
    let paths: io::Result<Vec<PathBuf>> = read.map(|entry| entry.map(|entry| entry.path())).collect();
    paths.map_err(|error| LakeError::io(folder, error))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, LakeError> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{lake, touch};

    #[test]
    fn what_the_catalogue_knows_stays_and_the_rest_goes() {
        let lake = lake();
        let known = lake.write(&[touch("1", 1, "2026-01-01T00:00:00Z")]);
        let orphans = lake.write(&[touch("2", 1, "2026-01-02T00:00:00Z"), touch("3", 1, "2026-02-02T00:00:00Z")]);
        fs::write(lake.lake.root().join("tmp/half"), "half").unwrap();
        let swept = lake.lake.sweep(&known.iter().map(|file| file.path.clone()).collect()).unwrap();
        assert_eq!((swept.orphans, swept.unfinished), (2, 1));
        assert_eq!(swept.bytes, orphans.iter().map(|file| file.bytes).sum::<u64>() + 4);
        assert_eq!(lake.lake.verify(&known, true), []);
        let again = lake.lake.sweep(&known.iter().map(|file| file.path.clone()).collect()).unwrap();
        assert_eq!(again, Swept::default());
    }
}
