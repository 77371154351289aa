//! Many small files of a month become few: every row is kept, standing or undone, with its import.

use kith_core::{Month, TenantId};

use crate::reading::Rows;
use crate::rows::TouchRows;
use crate::schema::at;
use crate::session::pages;
use crate::write::{Buffer, KnownWords, MonthJob, Words};
use crate::{Lake, LakeError, LakeFile};

/// Rows held in memory at a time, and so the rows of a new file, give or take a page of each old one.
const PART: u64 = 2_000_000;

impl Lake {
    /// Merges files of one tenant and month. Nothing is dropped, so that imports can still be undone: the caller settles the month
    /// afterwards and exchanges old files for new in one transaction. The new files do not overlap in identities.
    pub fn merge_files(&self, tenant: &TenantId, month: Month, files: &[LakeFile]) -> Result<Vec<LakeFile>, LakeError> {
        let mut written = Vec::new();
        for part in self.parts(files)? {
            match self.merge_part(tenant, month, files, part) {
                Ok(files) => written.extend(files),
                Err(error) => {
                    for file in &written {
                        let file: &LakeFile = file;
                        // What cannot be removed is an orphan, which the next sweep takes.
                        let _ = std::fs::remove_file(self.absolute(&file.path));
                    }
                    return Err(error);
                }
            }
        }
        Ok(written)
    }

    /// Ranges of identities (both ends inside) that hold about as many rows as fit into memory.
    fn parts(&self, files: &[LakeFile]) -> Result<Vec<(i64, i64)>, LakeError> {
        let mut starts = Vec::new();
        for file in files {
            for page in pages(&self.reading(&file.path)?)? {
                starts.push((page.min, u64::from(page.rows.end - page.rows.start)));
            }
        }
        starts.sort_unstable();
        let (mut parts, mut from, mut held) = (Vec::new(), i64::MIN, 0);
        for (min, rows) in starts {
            if held + rows > PART && min > from && held > 0 {
                parts.push((from, min - 1));
                (from, held) = (min, 0);
            }
            held += rows;
        }
        parts.push((from, i64::MAX));
        Ok(parts)
    }

    fn merge_part(
        &self,
        tenant: &TenantId,
        month: Month,
        files: &[LakeFile],
        part: (i64, i64),
    ) -> Result<Vec<LakeFile>, LakeError> {
        let words = Words::default();
        let mut known = KnownWords::default();
        let mut buffer = Buffer::default();
        let all: Vec<usize> = (0..=at::VERSION).collect();
        for file in files {
            let reading = self.reading(&file.path)?;
            let near = pages(&reading)?.into_iter().filter(|page| page.min <= part.1 && page.max >= part.0);
            let near: Vec<u32> = near.flat_map(|page| page.rows).collect();
            if near.is_empty() {
                continue;
            }
            for batch in reading.columns(&all, &Rows::Numbers(&near))? {
                let batch = batch?;
                let rows = TouchRows::new(&batch, reading.path());
                for row in 0..batch.num_rows() {
                    let touch = rows.touch(row)?;
                    if (part.0..=part.1).contains(&touch.identity.0) {
                        buffer.push(&touch, &mut known, &words);
                    }
                }
            }
        }
        let job = MonthJob { root: self.root(), tenant, month, words: &words.array(), threads: self.inner.options.threads };
        let distinct = buffer.doubles().is_empty();
        job.write(&buffer, &buffer.sorted(), distinct)
    }
}
