//! The lake: a folder of Parquet files, and what one needs to read and write them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use object_store::local::LocalFileSystem;

use crate::LakeError;
use crate::footer::Footers;
use crate::session::Clock;

/// How much of the machine the lake may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LakeOptions {
    /// Bytes that questions may hold at a time; what does not fit is spilled into the lake's folder for temporary files.
    pub memory_bytes: usize,
    pub threads: usize,
}

impl Default for LakeOptions {
    /// A gigabyte, and every core.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { memory_bytes: 1 << 30, threads }
    }
}

/// A folder of Parquet files. Cheap to clone; a long-lived one remembers the footers of the files it has read.
#[derive(Clone)]
pub struct Lake {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) root: PathBuf,
    pub(crate) options: LakeOptions,
    pub(crate) runtime: Arc<RuntimeEnv>,
    pub(crate) url: ObjectStoreUrl,
    pub(crate) footers: Footers,
    pub(crate) clock: Clock,
}

impl Lake {
    /// Opens the lake in `root`, a folder named `lake` by custom, and makes the folder where there is none.
    pub fn open(root: &Path, options: LakeOptions) -> Result<Self, LakeError> {
        let tmp = root.join("tmp");
        match fs::create_dir_all(&tmp) {
            Ok(()) => {}
            // A store that may only be read can still be asked.
            Err(_) if root.is_dir() => {}
            Err(error) => return Err(LakeError::io(root, error)),
        }
        let engine = |source| LakeError::query("the lake's folder", source);
        let runtime = |spill: DiskManagerMode| {
            RuntimeEnvBuilder::new()
                .with_memory_pool(Arc::new(FairSpillPool::new(options.memory_bytes)))
                .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(spill))
                .build_arc()
        };
        let runtime = match runtime(DiskManagerMode::Directories(vec![tmp])) {
            // It spills where every program of this machine may.
            Err(error) if may_not_write(&error) => runtime(DiskManagerMode::OsTmpDirectory),
            other => other,
        };
        let runtime = runtime.map_err(engine)?;
        let url = ObjectStoreUrl::parse("kith://lake").map_err(engine)?;
        let root = fs::canonicalize(root).map_err(|error| LakeError::io(root, error))?;
        let store = LocalFileSystem::new_with_prefix(&root)
            .map_err(|error| LakeError::Query { what: "the lake's folder".to_owned(), source: Box::new(error) })?;
        runtime.register_object_store(url.as_ref(), Arc::new(store));
        let options = LakeOptions { threads: options.threads.max(1), ..options };
        Ok(Self { inner: Arc::new(Inner { root, options, runtime, url, footers: Footers::default(), clock: Clock::default() }) })
    }

    /// The folder of the lake.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// How many threads may work at a time.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.inner.options.threads
    }

    /// Removes files that were written and did not come into the catalogue. What cannot be removed is an orphan, which the next
    /// sweep takes.
    pub fn remove(&self, paths: &[String]) {
        for path in paths {
            let _ = fs::remove_file(self.absolute(path));
        }
    }

    pub(crate) fn absolute(&self, relative: &str) -> PathBuf {
        self.inner.root.join(relative)
    }
}

fn may_not_write(error: &DataFusionError) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(error.find_root(), DataFusionError::IoError(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem))
}

impl std::fmt::Debug for Lake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lake").field("root", &self.inner.root).finish_non_exhaustive()
    }
}
