//! The visible rows of the catalogue's files as a table of the engine.

use std::pin::Pin;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{DFSchema, DataFusionError, Statistics};
use datafusion::config::TableParquetOptions;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{CachedParquetFileReaderFactory, ParquetRowSelection};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_optimizer::pruning::{PruningPredicateBuilder, PruningStatistics};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use object_store::ObjectMeta;
use object_store::path::Path as StorePath;

use crate::schema::asked;
use crate::{Lake, LakeFile};

mod pruning;

use pruning::Catalogue;

/// Files below this size are read by one worker; a larger one is shared out by row groups.
const SHARED_OUT: u64 = 8 << 20;

#[derive(Debug)]
pub(crate) struct ColdTouches {
    lake: Lake,
    files: Arc<Vec<LakeFile>>,
}

impl ColdTouches {
    pub(crate) const fn new(lake: Lake, files: Arc<Vec<LakeFile>>) -> Self {
        Self { lake, files }
    }

    /// The files that may hold a row for these filters, by what the catalogue says of their times and identities.
    fn wanted(&self, state: &dyn Session, filters: &[Expr]) -> Result<Vec<&LakeFile>, DataFusionError> {
        let files: Vec<&LakeFile> = self.files.iter().filter(|file| file.visible_rows() > 0).collect();
        let Some(filter) = conjunction(filters.to_vec()) else { return Ok(files) };
        let schema = DFSchema::try_from(asked().clone())?;
        let filter = state.create_physical_expr(filter, &schema)?;
        // A filter that says nothing of times and identities keeps every file.
        let Some(predicate) = PruningPredicateBuilder::new().with_file_schema(asked().clone()).build(filter) else {
            return Ok(files);
        };
        let keep = predicate.prune(&Catalogue(&files) as &dyn PruningStatistics)?;
        Ok(files.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(file, _)| file).collect())
    }

    fn plan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        let files = self.wanted(state, filters)?;
        let rows: u64 = files.iter().map(|file| file.visible_rows()).sum();
        let threads = self.lake.inner.options.threads;
        let mut groups = vec![(0_u64, Vec::new()); threads];
        let mut parts = Vec::new();
        for file in files {
            let whole = partitioned(file)?;
            if file.bytes < SHARED_OUT || threads == 1 {
                parts.push((file.bytes, whole));
                continue;
            }
            // The reader takes the row groups whose middle lies in its range of bytes.
            let step = file.bytes.div_ceil(threads as u64);
            for part in 0..threads as u64 {
                let (from, until) = (part * step, ((part + 1) * step).min(file.bytes));
                parts.push((step, whole.clone().with_range(from.cast_signed(), until.cast_signed())));
            }
        }
        parts.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
        for (bytes, part) in parts {
            if let Some(smallest) = groups.iter_mut().min_by_key(|(held, _)| *held) {
                smallest.0 += bytes;
                smallest.1.push(part);
            }
        }
        let groups: Vec<FileGroup> =
            groups.into_iter().filter(|(_, files)| !files.is_empty()).map(|(_, files)| FileGroup::new(files)).collect();
        if groups.is_empty() {
            let schema = projection.map_or_else(|| Ok(asked().clone()), |columns| asked().project(columns).map(Arc::new))?;
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let runtime = &self.lake.inner.runtime;
        let store = runtime.object_store(&self.lake.inner.url)?;
        let cache = runtime.cache_manager.get_file_metadata_cache();
        let options = TableParquetOptions { global: state.config_options().execution.parquet.clone(), ..Default::default() };
        // The engine itself hands the filters to the reader, later.
        let source = ParquetSource::new(asked().clone())
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(Arc::new(CachedParquetFileReaderFactory::new(store, cache)))
            .with_pushdown_filters(true)
            .with_reorder_filters(true)
            .with_enable_page_index(true)
            .with_bloom_filter_on_read(true);
        let mut statistics = Statistics::new_unknown(asked());
        // Never exact: a count is counted from the files, so that a missing one is noticed.
        statistics.num_rows = Precision::Inexact(usize::try_from(rows).unwrap_or(usize::MAX));
        let config = FileScanConfigBuilder::new(self.lake.inner.url.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

/// A file with its hidden rows and what the catalogue knows of it.
fn partitioned(file: &LakeFile) -> Result<PartitionedFile, DataFusionError> {
    let location = StorePath::parse(&file.path).map_err(|error| DataFusionError::External(Box::new(error)))?;
    let meta = ObjectMeta {
        location,
        last_modified: chrono::DateTime::UNIX_EPOCH,
        size: file.bytes,
        e_tag: Some(file.digest.clone()),
        version: None,
    };
    let part = PartitionedFile::new_from_meta(meta);
    Ok(match &file.hidden {
        Some(hidden) => part.with_extension(ParquetRowSelection::new(hidden.selection(file.rows))),
        None => part,
    })
}

type Scanning<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn ExecutionPlan>, DataFusionError>> + Send + 'a>>;

impl TableProvider for ColdTouches {
    fn schema(&self) -> SchemaRef {
        asked().clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    // Written out as `async_trait` would, which is not worth a dependency for one function.
    fn scan<'a, 'b, 'c, 'd, 'all>(
        &'a self,
        state: &'b dyn Session,
        projection: Option<&'c Vec<usize>>,
        filters: &'d [Expr],
        limit: Option<usize>,
    ) -> Scanning<'all>
    where
        'a: 'all,
        'b: 'all,
        'c: 'all,
        'd: 'all,
        Self: 'all,
    {
        let plan = self.plan(state, projection, filters, limit);
        Box::pin(async move { plan })
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>, DataFusionError> {
        // Here they choose the files; the engine then offers each filter to the reader, which applies it to the rows.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}
