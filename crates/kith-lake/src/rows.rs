//! Touches out of columns, and into the columns that a question reads.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray, FixedSizeBinaryArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field, Float64Type, Int64Type, Schema, TimestampMicrosecondType};
use compact_str::CompactString;
use kith_core::{Channel, Currency, IdentityId, ImportId, Instant, Medium, Touch, TouchId, TouchKind};

use crate::LakeError;
use crate::schema::{asked, at};
use crate::write::{Buffer, KnownWords, Words};

/// The rows of a batch that has all columns of a file, in their order, with texts as plain strings.
pub(crate) struct TouchRows<'a> {
    batch: &'a RecordBatch,
    path: &'a Path,
}

impl<'a> TouchRows<'a> {
    pub(crate) const fn new(batch: &'a RecordBatch, path: &'a Path) -> Self {
        Self { batch, path }
    }

    pub(crate) fn touch(&self, row: usize) -> Result<Touch, LakeError> {
        let wrong = |what: &str| LakeError::corrupt(self.path, format!("it has a {what} that Kith does not know"));
        let id = self.ids()?.value(row);
        let id = TouchId::from_bytes(id.try_into().map_err(|_| wrong("touch id"))?);
        let kind = self.text(at::KIND, row)?.and_then(TouchKind::parse).ok_or_else(|| wrong("kind"))?;
        let channel = self.text(at::CHANNEL, row)?.and_then(|text| Channel::parse(text).ok()).ok_or_else(|| wrong("channel"))?;
        let medium = match self.text(at::MEDIUM, row)? {
            Some(text) => Some(Medium::parse(text).map_err(|_| wrong("medium"))?),
            None => None,
        };
        let currency = match self.text(at::CURRENCY, row)? {
            Some(text) => Some(Currency::parse(text).map_err(|_| wrong("currency"))?),
            None => None,
        };
        let instant = |column| match self.number::<TimestampMicrosecondType>(column, row)? {
            Some(micros) => Instant::from_micros(micros).map(Some).map_err(|_| wrong("time")),
            None => Ok(None),
        };
        let word = |column| Ok::<_, LakeError>(self.text(column, row)?.map(CompactString::from));
        let identity = IdentityId(self.number::<Int64Type>(at::IDENTITY, row)?.ok_or_else(|| wrong("row without identity"))?);
        let mut touch = Touch::new(id, identity, instant(at::AT)?, kind, channel);
        touch.medium = medium;
        touch.campaign = word(at::CAMPAIGN)?;
        touch.placement = word(at::PLACEMENT)?;
        touch.account = word(at::ACCOUNT)?;
        touch.post = word(at::POST)?;
        touch.order = word(at::ORDER_NO)?;
        touch.value = self.number::<Int64Type>(at::VALUE, row)?;
        touch.currency = currency;
        touch.quantity = self.number::<Float64Type>(at::QUANTITY, row)?;
        touch.item = word(at::ITEM)?;
        touch.score = self.number::<Float64Type>(at::SCORE, row)?;
        touch.promised_at = instant(at::PROMISED_AT)?;
        touch.text = self.text(at::TEXT, row)?.map(str::to_owned);
        touch.attributes = self.text(at::ATTRIBUTES, row)?.unwrap_or("").to_owned();
        touch.import = ImportId(self.number::<Int64Type>(at::IMPORT_ID, row)?.unwrap_or(0));
        touch.version = self.number::<Int64Type>(at::VERSION, row)?.unwrap_or(0);
        Ok(touch)
    }

    fn ids(&self) -> Result<&FixedSizeBinaryArray, LakeError> {
        self.batch.column(at::TOUCH_ID).as_fixed_size_binary_opt().ok_or_else(|| self.odd(at::TOUCH_ID))
    }

    fn text(&self, column: usize, row: usize) -> Result<Option<&'a str>, LakeError> {
        let array: &StringArray = self.batch.column(column).as_string_opt::<i32>().ok_or_else(|| self.odd(column))?;
        Ok(array.is_valid(row).then(|| array.value(row)))
    }

    fn number<T: ArrowPrimitiveType>(&self, column: usize, row: usize) -> Result<Option<T::Native>, LakeError> {
        let array = self.batch.column(column).as_primitive_opt::<T>().ok_or_else(|| self.odd(column))?;
        Ok(array.is_valid(row).then(|| array.value(row)))
    }

    fn odd(&self, column: usize) -> LakeError {
        let name = asked().fields().get(column).map_or("?", |field| field.name().as_str());
        LakeError::corrupt(self.path, format!("its column `{name}` is of another type"))
    }
}

/// Touches as the columns that a question reads.
pub(crate) fn asked_batch(touches: &[Touch]) -> Result<RecordBatch, LakeError> {
    let engine = |source: arrow::error::ArrowError| LakeError::query("the touches not yet in files", source.into());
    let words = Words::default();
    let mut known = KnownWords::default();
    let mut buffer = Buffer::default();
    for touch in touches {
        buffer.push(touch, &mut known, &words);
    }
    let order: Vec<u32> = (0_u32..).take(buffer.rows()).collect();
    let batch = buffer.batch(&order, &words.array()).map_err(engine)?;
    let columns = batch.columns().iter().zip(asked().fields());
    let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<_, _>>().map_err(engine)?;
    RecordBatch::try_new(asked().clone(), columns).map_err(engine)
}

/// The same columns with plain strings in place of dictionaries and views.
pub(crate) fn plain(batch: &RecordBatch) -> Result<RecordBatch, LakeError> {
    let engine = |source: arrow::error::ArrowError| LakeError::query("touches", source.into());
    let mut columns = Vec::with_capacity(batch.num_columns());
    let mut fields = Vec::with_capacity(batch.num_columns());
    for (column, field) in batch.columns().iter().zip(batch.schema().fields()) {
        let texts = matches!(field.data_type(), DataType::Dictionary(_, _) | DataType::Utf8View);
        let column = if texts { cast(column, &DataType::Utf8).map_err(engine)? } else { Arc::clone(column) };
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(engine)
}
