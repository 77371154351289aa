//! Touches of one month, column by column, until they are written.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, new_null_array,
};
use arrow::buffer::{Buffer as Bytes, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use kith_core::{Instant, Medium, Touch};

use super::words::{KnownWords, NO_WORD, Words};
use crate::schema::{at, written};

/// Stands for "no time" and "no value", as [`Touch::content_digest`] has it too.
const NOTHING: i64 = i64::MIN;
/// Stands for "no number": one certain kind of not-a-number that no arithmetic gives.
const NO_NUMBER: u64 = 0x7ff8_6b69_7468_0001;

/// A column that costs nothing while all its rows say nothing.
struct Column<T> {
    nothing: T,
    values: Vec<T>,
}

impl<T: Copy + PartialEq> Column<T> {
    const fn new(nothing: T) -> Self {
        Self { nothing, values: Vec::new() }
    }

    #[inline]
    fn push(&mut self, row: usize, value: T) {
        if value != self.nothing {
            self.values.resize(row, self.nothing);
            self.values.push(value);
        }
    }

    #[inline]
    fn get(&self, row: u32) -> T {
        self.values.get(row as usize).copied().unwrap_or(self.nothing)
    }

    fn append(&mut self, rows: usize, other: &Self) {
        if !other.values.is_empty() {
            self.values.resize(rows, self.nothing);
            self.values.extend_from_slice(&other.values);
        }
    }
}

/// Longer texts, end to end.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    #[inline]
    fn push(&mut self, row: usize, text: &str) {
        if !text.is_empty() {
            self.ends.resize(row, self.bytes.len());
            self.bytes.extend_from_slice(text.as_bytes());
            self.ends.push(self.bytes.len());
        }
    }

    fn get(&self, row: u32) -> &[u8] {
        let row = row as usize;
        match self.ends.get(row) {
            Some(end) => &self.bytes[if row == 0 { 0 } else { self.ends[row - 1] }..*end],
            None => &[],
        }
    }

    fn append(&mut self, rows: usize, other: &Self) {
        if !other.ends.is_empty() {
            self.ends.resize(rows, self.bytes.len());
            let start = self.bytes.len();
            self.bytes.extend_from_slice(&other.bytes);
            self.ends.extend(other.ends.iter().map(|end| end + start));
        }
    }

    fn array(&self, order: &[u32]) -> Result<ArrayRef, ArrowError> {
        if self.ends.is_empty() {
            return Ok(new_null_array(&DataType::Utf8, order.len()));
        }
        let total = order.iter().map(|row| self.get(*row).len()).sum();
        let mut bytes = Vec::with_capacity(total);
        let mut offsets = Vec::with_capacity(order.len() + 1);
        offsets.push(0_i32);
        let mut said = Vec::with_capacity(order.len());
        for row in order {
            let text = self.get(*row);
            bytes.extend_from_slice(text);
            said.push(!text.is_empty());
            offsets.push(i32::try_from(bytes.len()).map_err(|_| ArrowError::OffsetOverflowError(bytes.len()))?);
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        Ok(Arc::new(StringArray::try_new(offsets, Bytes::from_vec(bytes), Some(NullBuffer::from(said)))?))
    }
}

const WORDS: [usize; 9] =
    [at::KIND, at::CHANNEL, at::MEDIUM, at::CAMPAIGN, at::PLACEMENT, at::ACCOUNT, at::POST, at::CURRENCY, at::ITEM];
const TEXTS: [usize; 3] = [at::ORDER_NO, at::TEXT, at::ATTRIBUTES];

/// The columns of a month.
pub(crate) struct Buffer {
    ids: Vec<[u8; 16]>,
    identity: Vec<i64>,
    at: Vec<i64>,
    words: [Column<u32>; WORDS.len()],
    texts: [Texts; TEXTS.len()],
    value: Column<i64>,
    quantity: Column<u64>,
    score: Column<u64>,
    promised: Column<i64>,
    import: Vec<i64>,
    version: Column<i64>,
}

impl Default for Buffer {
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            identity: Vec::new(),
            at: Vec::new(),
            words: std::array::from_fn(|_| Column::new(NO_WORD)),
            texts: std::array::from_fn(|_| Texts::default()),
            value: Column::new(NOTHING),
            quantity: Column::new(NO_NUMBER),
            score: Column::new(NO_NUMBER),
            promised: Column::new(NOTHING),
            import: Vec::new(),
            version: Column::new(0),
        }
    }
}

impl Buffer {
    pub(crate) fn rows(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn push(&mut self, touch: &Touch, known: &mut KnownWords, shared: &Words) {
        let row = self.ids.len();
        self.ids.push(*touch.id.as_bytes());
        self.identity.push(touch.identity.0);
        self.at.push(touch.at.map_or(NOTHING, Instant::micros));
        let said = [
            touch.kind.as_str(),
            touch.channel.as_str(),
            touch.medium.as_ref().map_or("", Medium::as_str),
            touch.campaign.as_deref().unwrap_or(""),
            touch.placement.as_deref().unwrap_or(""),
            touch.account.as_deref().unwrap_or(""),
            touch.post.as_deref().unwrap_or(""),
            touch.currency.as_ref().map_or("", |currency| currency.code()),
            touch.item.as_deref().unwrap_or(""),
        ];
        for (column, word) in self.words.iter_mut().zip(said) {
            column.push(row, known.number(shared, word));
        }
        let told = [touch.order.as_deref().unwrap_or(""), touch.text.as_deref().unwrap_or(""), touch.attributes.as_str()];
        for (column, text) in self.texts.iter_mut().zip(told) {
            column.push(row, text);
        }
        self.value.push(row, touch.value.unwrap_or(NOTHING));
        self.quantity.push(row, touch.quantity.map_or(NO_NUMBER, f64::to_bits));
        self.score.push(row, touch.score.map_or(NO_NUMBER, f64::to_bits));
        self.promised.push(row, touch.promised_at.map_or(NOTHING, Instant::micros));
        self.import.push(touch.import.0);
        self.version.push(row, touch.version);
    }

    /// Bytes of memory, give or take.
    pub(crate) fn bytes(&self) -> usize {
        let words: usize = self.words.iter().map(|column| column.values.len() * 4).sum();
        let texts: usize = self.texts.iter().map(|texts| texts.bytes.len() + texts.ends.len() * 8).sum();
        let numbers = self.value.values.len() + self.quantity.values.len() + self.score.values.len();
        let numbers = numbers + self.promised.values.len() + self.version.values.len();
        self.rows() * (16 + 8 + 8 + 8) + words + texts + numbers * 8
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let rows = self.rows();
        for (column, more) in self.words.iter_mut().zip(&other.words) {
            column.append(rows, more);
        }
        for (column, more) in self.texts.iter_mut().zip(&other.texts) {
            column.append(rows, more);
        }
        self.value.append(rows, &other.value);
        self.quantity.append(rows, &other.quantity);
        self.score.append(rows, &other.score);
        self.promised.append(rows, &other.promised);
        self.version.append(rows, &other.version);
        self.ids.extend_from_slice(&other.ids);
        self.identity.extend_from_slice(&other.identity);
        self.at.extend_from_slice(&other.at);
        self.import.extend_from_slice(&other.import);
    }

    pub(crate) fn id(&self, row: u32) -> &[u8; 16] {
        &self.ids[row as usize]
    }

    pub(crate) fn version(&self, row: u32) -> i64 {
        self.version.get(row)
    }

    /// Texts of a row in bytes, to cut batches before they grow too large for 32-bit offsets.
    pub(crate) fn text_bytes(&self, row: u32) -> usize {
        self.texts.iter().map(|texts| texts.get(row).len()).sum()
    }

    /// All rows in the order of a file: identity, time (undated ones first), touch id.
    pub(crate) fn sorted(&self) -> Vec<u32> {
        let mut keys: Vec<(i64, i64, u32)> =
            (0_u32..).zip(self.identity.iter().zip(&self.at)).map(|(row, (identity, at))| (*identity, *at, row)).collect();
        keys.sort_unstable_by(|a, b| {
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| self.id(a.2).cmp(self.id(b.2))).then(a.2.cmp(&b.2))
        });
        keys.into_iter().map(|key| key.2).collect()
    }

    /// Groups of rows with one touch id.
    pub(crate) fn doubles(&self) -> Vec<Vec<u32>> {
        let prefix = |id: &[u8; 16]| u64::from_le_bytes([id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7]]);
        let mut prefixes: Vec<(u64, u32)> = self.ids.iter().zip(0_u32..).map(|(id, row)| (prefix(id), row)).collect();
        prefixes.sort_unstable();
        let mut groups = Vec::new();
        for near in prefixes.chunk_by(|a, b| a.0 == b.0).filter(|near| near.len() > 1) {
            let mut rows: Vec<u32> = near.iter().map(|(_, row)| *row).collect();
            rows.sort_unstable_by(|a, b| self.id(*a).cmp(self.id(*b)).then(a.cmp(b)));
            let same = rows.chunk_by(|a, b| self.id(*a) == self.id(*b));
            groups.extend(same.filter(|same| same.len() > 1).map(<[u32]>::to_vec));
        }
        groups
    }

    /// What a file says of these rows: the one import (if it is one), the first and the last time, the range of identities.
    pub(crate) fn bounds(&self, order: &[u32]) -> Bounds {
        let mut bounds = Bounds { first_at: i64::MAX, last_at: NOTHING, imports: None, several: false };
        for row in order.iter().map(|row| *row as usize) {
            if self.at[row] != NOTHING {
                bounds.first_at = bounds.first_at.min(self.at[row]);
                bounds.last_at = bounds.last_at.max(self.at[row]);
            }
            bounds.several |= *bounds.imports.get_or_insert(self.import[row]) != self.import[row];
        }
        bounds
    }

    pub(crate) fn identity(&self, row: u32) -> i64 {
        self.identity[row as usize]
    }

    /// Some rows as the columns of a file; `words` is [`Words::array`], taken after these rows were pushed.
    pub(crate) fn batch(&self, order: &[u32], words: &ArrayRef) -> Result<RecordBatch, ArrowError> {
        let ids: Vec<u8> = order.iter().flat_map(|row| self.ids[*row as usize]).collect();
        let whole =
            |values: &[i64]| Arc::new(Int64Array::from_iter_values(order.iter().map(|row| values[*row as usize]))) as ArrayRef;
        let at = |get: &dyn Fn(u32) -> i64| -> ArrayRef {
            let times = order.iter().map(|row| Some(get(*row)).filter(|at| *at != NOTHING));
            Arc::new(times.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        };
        let number = |column: &Column<u64>| -> ArrayRef {
            if column.values.is_empty() {
                return new_null_array(&DataType::Float64, order.len());
            }
            let numbers = order.iter().map(|row| Some(column.get(*row)).filter(|bits| *bits != NO_NUMBER).map(f64::from_bits));
            Arc::new(numbers.collect::<Float64Array>())
        };
        let mut columns: Vec<Option<ArrayRef>> = vec![None; written().fields().len()];
        columns[at::TOUCH_ID] = Some(Arc::new(FixedSizeBinaryArray::try_new(16, Bytes::from_vec(ids), None)?));
        columns[at::IDENTITY] = Some(whole(&self.identity));
        columns[at::AT] = Some(at(&|row| self.at[row as usize]));
        columns[at::IMPORT_ID] = Some(whole(&self.import));
        columns[at::VERSION] = Some(Arc::new(Int64Array::from_iter_values(order.iter().map(|row| self.version.get(*row)))));
        columns[at::VALUE] = Some(Arc::new(
            order.iter().map(|row| Some(self.value.get(*row)).filter(|value| *value != NOTHING)).collect::<Int64Array>(),
        ));
        columns[at::QUANTITY] = Some(number(&self.quantity));
        columns[at::SCORE] = Some(number(&self.score));
        columns[at::PROMISED_AT] = Some(at(&|row| self.promised.get(row)));
        for (place, column) in WORDS.into_iter().zip(&self.words) {
            let keys: Int32Array = if column.values.is_empty() {
                Int32Array::new_null(order.len())
            } else {
                order.iter().map(|row| Some(column.get(*row)).filter(|word| *word != NO_WORD).map(u32::cast_signed)).collect()
            };
            columns[place] = Some(Arc::new(DictionaryArray::try_new(keys, Arc::clone(words))?));
        }
        for (place, texts) in TEXTS.into_iter().zip(&self.texts) {
            columns[place] = Some(texts.array(order)?);
        }
        RecordBatch::try_new(Arc::clone(written()), columns.into_iter().flatten().collect())
    }
}

/// See [`Buffer::bounds`]. Times in microseconds.
pub(crate) struct Bounds {
    first_at: i64,
    last_at: i64,
    imports: Option<i64>,
    several: bool,
}

impl Bounds {
    pub(crate) fn first_at(&self) -> Option<Instant> {
        Instant::from_micros(self.first_at).ok()
    }

    pub(crate) fn last_at(&self) -> Option<Instant> {
        Instant::from_micros(self.last_at).ok()
    }

    pub(crate) fn import(&self) -> Option<i64> {
        self.imports.filter(|_| !self.several)
    }
}
