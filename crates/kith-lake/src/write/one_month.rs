//! The rows of one tenant and month, written as one file or several.

use std::thread;

use arrow::array::ArrayRef;
use kith_core::{IdentityId, ImportId, Month, TenantId};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::{Buffer, NewFile};
use crate::schema::{KEY_DISTINCT, KEY_MONTH, KEY_SCHEMA, KEY_TENANT, SCHEMA_VERSION, at, written};
use crate::{LakeError, LakeFile};

/// Rows of a row group: small enough that one contact's rows are near the only ones read, large enough for a scan.
const ROW_GROUP: usize = 128 * 1024;
/// Rows of a page: what a look at one contact decodes at least.
const PAGE: usize = 8 * 1024;
/// Rows of a file: a large month becomes several, cut by identity, so that it is written and read in parallel.
const FILE: usize = 4 * 1024 * 1024;
/// Rows and bytes of text that go to the encoder at a time.
const BATCH: usize = 16 * 1024;
const BATCH_TEXT: usize = 256 << 20;

/// Parquet's settings for a file of `rows` rows.
fn properties(tenant: &TenantId, month: Month, rows: usize, distinct: bool) -> Result<WriterProperties, LakeError> {
    let level = ZstdLevel::try_new(1).map_err(|error| LakeError::Query { what: "zstd".to_owned(), source: Box::new(error) })?;
    let (id, order) = (ColumnPath::from("touch_id"), ColumnPath::from("order_no"));
    let most = rows.clamp(1, ROW_GROUP) as u64;
    let key = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let keys = vec![
        key(KEY_SCHEMA, SCHEMA_VERSION.to_owned()),
        key(KEY_TENANT, tenant.to_string()),
        key(KEY_MONTH, month.to_string()),
        key(KEY_DISTINCT, distinct.to_string()),
    ];
    let sorting = [at::IDENTITY, at::AT, at::TOUCH_ID].map(|column| SortingColumn {
        column_idx: column as i32,
        descending: false,
        nulls_first: true,
    });
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_data_page_row_count_limit(PAGE)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_key_value_metadata(Some(keys))
        .set_sorting_columns(Some(sorting.to_vec()))
        .set_created_by(concat!("kith ", env!("CARGO_PKG_VERSION")).to_owned())
        // An id is a hash: it cannot be made smaller, and it is only ever looked up whole.
        .set_column_dictionary_enabled(id.clone(), false)
        .set_column_encoding(id.clone(), Encoding::PLAIN)
        .set_column_compression(id.clone(), Compression::UNCOMPRESSED)
        .set_column_statistics_enabled(id.clone(), EnabledStatistics::None)
        .set_column_bloom_filter_enabled(id.clone(), true)
        .set_column_bloom_filter_fpp(id.clone(), 0.01)
        .set_column_bloom_filter_max_ndv(id, most)
        // Order numbers are looked up whole too: parts of an order may lie under another identity than its buyer's.
        .set_column_bloom_filter_enabled(order.clone(), true)
        .set_column_bloom_filter_fpp(order.clone(), 0.001)
        .set_column_bloom_filter_max_ndv(order, most);
    // Without a dictionary one page of these is read alone.
    for column in ["identity", "at", "order_no", "text", "attributes"] {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column), false);
    }
    for column in ["text", "attributes"] {
        properties = properties.set_column_statistics_enabled(ColumnPath::from(column), EnabledStatistics::None);
    }
    Ok(properties.build())
}

/// What the writer of a month needs to know.
pub(crate) struct MonthJob<'a> {
    pub(crate) root: &'a std::path::Path,
    pub(crate) tenant: &'a TenantId,
    pub(crate) month: Month,
    pub(crate) words: &'a ArrayRef,
    /// Workers for this month alone.
    pub(crate) threads: usize,
}

impl MonthJob<'_> {
    /// Writes the rows in this order. `distinct` says that no two of them have one touch id.
    pub(crate) fn write(&self, buffer: &Buffer, order: &[u32], distinct: bool) -> Result<Vec<LakeFile>, LakeError> {
        let parts: Vec<&[u32]> = order.chunks(FILE).collect();
        if parts.len() < 2 || self.threads < 2 {
            return parts.into_iter().map(|part| self.file(buffer, part, distinct)).collect();
        }
        let mut files = Vec::with_capacity(parts.len());
        for together in parts.chunks(self.threads) {
            let done: Vec<Result<LakeFile, LakeError>> = thread::scope(|scope| {
                let started: Vec<_> =
                    together.iter().map(|part| scope.spawn(move || self.file(buffer, part, distinct))).collect();
                started.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(fell(self.month)))).collect()
            });
            files.extend(done.into_iter().collect::<Result<Vec<_>, _>>()?);
        }
        Ok(files)
    }

    fn file(&self, buffer: &Buffer, order: &[u32], distinct: bool) -> Result<LakeFile, LakeError> {
        let mut file = NewFile::create(self.root)?;
        let path = file.path();
        let parquet = |error| LakeError::parquet(&path, error);
        let options = ArrowWriterOptions::new()
            .with_properties(properties(self.tenant, self.month, order.len(), distinct)?)
            .with_skip_arrow_metadata(true);
        let mut writer = ArrowWriter::try_new_with_options(&mut file, written().clone(), options).map_err(parquet)?;
        let mut rest = order;
        while !rest.is_empty() {
            let mut text = 0;
            let fits = rest.iter().take(BATCH).take_while(|row| {
                text += buffer.text_bytes(**row);
                text <= BATCH_TEXT
            });
            let (batch, after) = rest.split_at(fits.count().max(1));
            rest = after;
            let batch = buffer.batch(batch, self.words).map_err(|error| parquet(error.into()))?;
            writer.write(&batch).map_err(parquet)?;
        }
        writer.close().map_err(parquet)?;
        let kept = file.keep(self.tenant, self.month)?;
        let bounds = buffer.bounds(order);
        let identity = |row: Option<&u32>| IdentityId(row.map_or(0, |row| buffer.identity(*row)));
        Ok(LakeFile {
            path: kept.path,
            month: self.month,
            rows: order.len() as u64,
            bytes: kept.bytes,
            digest: kept.digest,
            import: bounds.import().map(ImportId),
            first_at: bounds.first_at(),
            last_at: bounds.last_at(),
            min_identity: identity(order.first()),
            max_identity: identity(order.last()),
            hidden: None,
        })
    }
}

fn fell(month: Month) -> LakeError {
    LakeError::Answer { what: format!("the files of {month}"), why: "a worker fell".to_owned() }
}
