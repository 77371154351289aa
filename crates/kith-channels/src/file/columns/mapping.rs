//! A mapping: which of somebody's columns means what, and what the file does not say itself.
//!
//! It is plain data that can be written as TOML or JSON, shown, corrected, saved under a name and used again.

use std::collections::BTreeMap;

use kith_core::{Channel, Currency, Instant, Medium, TouchKind};
use serde::{Deserialize, Serialize};

use super::{Field, ImportKind};

/// From the columns of a file to our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The export that the headers look like: `taobao-orders`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    pub kind: ImportKind,
    /// Their column, our field. Columns that stand here not at all are not read.
    pub columns: Vec<(String, Field)>,
    /// What holds for every row: `["kind", "repost"]`. A cell of a column comes first, the constant fills empty ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<(Field, String)>,
    #[serde(default)]
    pub settings: Settings,
}

/// What the file leaves open. Everything is optional: the tenant's own settings hold where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The channel of rows that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Who numbers the events ([`super::own_id`]); the channel if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// IANA name of the zone in which times without an offset are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// When the file was exported: `昨天 12:30` and running totals refer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_time: Option<Instant>,
    /// Is `3/4/2026` the third of April?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub day_first: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Two letters of ISO 3166: where phone numbers without a prefix belong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What a row of an orders file is.
    #[serde(skip_serializing_if = "RowIs::is_default")]
    pub row_is: RowIs,
    /// Are counts those of one day (or of [`Settings::days`] days) and not totals so far?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub daily: bool,
    /// How many days a row without an end covers, for costs and counts; 0 and 1 are one day, 7 a week. Costs and counts are spread
    /// evenly over them.
    #[serde(skip_serializing_if = "is_zero")]
    pub days: u32,
    /// Their words for kinds of touch, before our own list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, TouchKind>,
    /// Their words for media, before our own list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub media: BTreeMap<String, Medium>,
    /// Their words for states of an order, before our own list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<String, OrderStatus>,
}

/// What one row of an orders file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowIs {
    /// A whole order.
    #[default]
    Order,
    /// A line of an order; the order is worth the sum of its lines unless another file says what it was worth.
    Line,
    /// A line, and in the first row of each order the order too (Shopify).
    OrderAndLine,
    Payment,
    Refund,
}

/// How far an order has come, as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// Waits for the buyer's money: it has no value yet.
    Unpaid,
    /// Paid, on its way or done.
    Running,
    /// Closed without a sale: cancelled, expired, never paid.
    Closed,
    /// All money was given back.
    Refunded,
}

impl RowIs {
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Mapping {
    /// A mapping of nothing yet.
    #[must_use]
    pub fn new(kind: ImportKind) -> Self {
        Self { name: None, dialect: None, kind, columns: Vec::new(), constants: Vec::new(), settings: Settings::default() }
    }

    /// The column that means `field`.
    #[must_use]
    pub fn column(&self, field: &Field) -> Option<&str> {
        self.columns.iter().find(|(_, mapped)| mapped == field).map(|(column, _)| column.as_str())
    }

    /// What `field` is in every row.
    #[must_use]
    pub fn constant(&self, field: &Field) -> Option<&str> {
        self.constants.iter().find(|(constant, _)| constant == field).map(|(_, value)| value.as_str())
    }

    /// Does a column or a constant say it?
    #[must_use]
    pub fn has(&self, field: &Field) -> bool {
        self.column(field).is_some() || self.constant(field).is_some()
    }

    /// Gives a column another meaning (a person's correction); adds the column if it is not there.
    pub fn set(&mut self, column: &str, field: Field) {
        match self.columns.iter_mut().find(|(name, _)| name == column) {
            Some((_, mapped)) => *mapped = field,
            None => self.columns.push((column.to_owned(), field)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_survives_being_written() {
        let mut mapping = Mapping::new(ImportKind::Orders);
        mapping.set("订单编号", Field::Order);
        mapping.set("reads", Field::parse("metric:reads").unwrap());
        mapping.constants.push((Field::Channel, "taobao".into()));
        mapping.settings.row_is = RowIs::Line;
        mapping.settings.kinds.insert("赞".into(), TouchKind::Like);
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(serde_json::from_str::<Mapping>(&text).unwrap(), mapping);
        assert!(text.contains(r#"["订单编号","order"]"#), "{text}");
    }

    #[test]
    fn a_correction_replaces_the_meaning_of_a_column() {
        let mut mapping = Mapping::new(ImportKind::Touches);
        mapping.set("a", Field::Attribute);
        mapping.set("a", Field::At);
        assert_eq!(mapping.columns, [("a".to_owned(), Field::At)]);
    }
}
