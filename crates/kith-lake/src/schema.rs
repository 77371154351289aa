//! The columns of a touch: their names, their types, and how a file of the lake says what it holds.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// The version of the columns below, written into each file. A reader of a later version can tell what it has before it.
pub(crate) const SCHEMA_VERSION: &str = "1";
/// Keys in the footer of a file.
pub(crate) const KEY_SCHEMA: &str = "kith.schema";
pub(crate) const KEY_TENANT: &str = "kith.tenant";
pub(crate) const KEY_MONTH: &str = "kith.month";
/// `true` where no two rows of the file have one touch id, so that a single file needs no look at its ids.
pub(crate) const KEY_DISTINCT: &str = "kith.distinct";

/// Columns by their place in a file.
pub(crate) mod at {
    pub(crate) const TOUCH_ID: usize = 0;
    pub(crate) const IDENTITY: usize = 1;
    pub(crate) const AT: usize = 2;
    pub(crate) const KIND: usize = 3;
    pub(crate) const CHANNEL: usize = 4;
    pub(crate) const MEDIUM: usize = 5;
    pub(crate) const CAMPAIGN: usize = 6;
    pub(crate) const PLACEMENT: usize = 7;
    pub(crate) const ACCOUNT: usize = 8;
    pub(crate) const POST: usize = 9;
    pub(crate) const ORDER_NO: usize = 10;
    pub(crate) const VALUE: usize = 11;
    pub(crate) const CURRENCY: usize = 12;
    pub(crate) const QUANTITY: usize = 13;
    pub(crate) const ITEM: usize = 14;
    pub(crate) const SCORE: usize = 15;
    pub(crate) const PROMISED_AT: usize = 16;
    pub(crate) const TEXT: usize = 17;
    pub(crate) const ATTRIBUTES: usize = 18;
    pub(crate) const IMPORT_ID: usize = 19;
    pub(crate) const VERSION: usize = 20;
}

/// An instant in a column: microseconds of UTC.
pub(crate) fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// A text of few different values while it is written: Parquet gets the number, not the word, of each row.
pub(crate) fn word_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn columns(word: DataType, text: DataType) -> SchemaRef {
    let some = |name: &str, kind: &DataType| Field::new(name, kind.clone(), true);
    let all = |name: &str, kind: &DataType| Field::new(name, kind.clone(), false);
    Arc::new(Schema::new(vec![
        all("touch_id", &DataType::FixedSizeBinary(16)),
        all("identity", &DataType::Int64),
        some("at", &instant_type()),
        all("kind", &word),
        all("channel", &word),
        some("medium", &word),
        some("campaign", &word),
        some("placement", &word),
        some("account", &word),
        some("post", &word),
        some("order_no", &text),
        some("value", &DataType::Int64),
        some("currency", &word),
        some("quantity", &DataType::Float64),
        some("item", &word),
        some("score", &DataType::Float64),
        some("promised_at", &instant_type()),
        some("text", &text),
        some("attributes", &text),
        all("import_id", &DataType::Int64),
        all("version", &DataType::Int64),
    ]))
}

/// What the writer hands to Parquet.
pub(crate) fn written() -> &'static SchemaRef {
    static WRITTEN: LazyLock<SchemaRef> = LazyLock::new(|| columns(word_type(), DataType::Utf8));
    &WRITTEN
}

/// What a question reads: views of the words, so that no text is copied.
pub(crate) fn asked() -> &'static SchemaRef {
    static ASKED: LazyLock<SchemaRef> = LazyLock::new(|| columns(DataType::Utf8View, DataType::Utf8View));
    &ASKED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_the_columns_are_those_of_their_names() {
        let place = |name| asked().index_of(name).unwrap();
        for (name, at) in [("touch_id", at::TOUCH_ID), ("at", at::AT), ("order_no", at::ORDER_NO), ("currency", at::CURRENCY)] {
            assert_eq!(place(name), at);
        }
        for (name, at) in [("item", at::ITEM), ("text", at::TEXT), ("import_id", at::IMPORT_ID), ("version", at::VERSION)] {
            assert_eq!(place(name), at);
        }
    }
}
