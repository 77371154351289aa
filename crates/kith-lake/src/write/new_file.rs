//! A file that appears whole or not at all: written under `tmp/`, made durable, then renamed to the digest of its bytes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use kith_core::{Month, TenantId};

use crate::LakeError;

/// Tells apart the files that one process writes at a time.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A file under way. Dropped before [`NewFile::keep`], it is removed.
pub(crate) struct NewFile {
    root: PathBuf,
    tmp: PathBuf,
    out: Option<BufWriter<Digesting>>,
}

/// A file that counts and digests what goes into it.
struct Digesting {
    file: File,
    digest: blake3::Hasher,
    bytes: u64,
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Where a file came to lie.
pub(crate) struct Kept {
    /// Relative to the lake.
    pub(crate) path: String,
    pub(crate) digest: String,
    pub(crate) bytes: u64,
}

impl NewFile {
    pub(crate) fn create(root: &Path) -> Result<Self, LakeError> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let name = format!("{}-{now:x}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = root.join("tmp");
        let tmp = folder.join(name);
        let create = || fs::create_dir_all(&folder).and_then(|()| File::options().write(true).create_new(true).open(&tmp));
        let file = create().map_err(|error| LakeError::io(&tmp, error))?;
        let out = Digesting { file, digest: blake3::Hasher::new(), bytes: 0 };
        Ok(Self { root: root.to_owned(), tmp, out: Some(BufWriter::with_capacity(1 << 20, out)) })
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.tmp.clone()
    }

    /// Makes the file durable and gives it its name for good.
    pub(crate) fn keep(mut self, tenant: &TenantId, month: Month) -> Result<Kept, LakeError> {
        let io = |error| LakeError::io(&self.tmp, error);
        let Some(out) = self.out.take() else {
            return Err(io(io::Error::other("the file was closed before it was whole")));
        };
        let out = out.into_inner().map_err(|error| io(error.into_error()))?;
        out.file.sync_all().map_err(io)?;
        let digest = out.digest.finalize().to_hex().to_string();
        let relative = format!("{tenant}/{month}/{}.parquet", &digest[..24]);
        let to = self.root.join(&relative);
        let folder = to.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(|error| LakeError::io(folder, error))?;
        fs::rename(&self.tmp, &to).map_err(|error| LakeError::io(&to, error))?;
        // A new folder is durable only when its parents are.
        for folder in to.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| LakeError::io(folder, error))?;
        }
        Ok(Kept { path: relative, digest, bytes: out.bytes })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.as_mut().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove; after a failure the sweep at the next start tries again.
        let _ = fs::remove_file(&self.tmp);
    }
}
