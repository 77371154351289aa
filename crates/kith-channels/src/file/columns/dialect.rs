//! The exports that we know by their headers, and what a header means where we do not know the export.

use std::sync::LazyLock;

use super::dialects::{DIALECTS, GENERIC};
use super::mapping::RowIs;
use super::{Field, ImportKind, header};

/// An export of one platform: how it is recognised and what its columns mean.
#[derive(Debug)]
pub struct Dialect {
    pub name: &'static str,
    pub kind: ImportKind,
    /// Headers that tell it: of every group at least one must be there.
    pub telling: &'static [&'static [&'static str]],
    /// Headers of one field each: the field's short name, then every header that means it.
    pub headers: &'static [(&'static str, &'static [&'static str])],
    pub channel: Option<&'static str>,
    pub constants: &'static [(&'static str, &'static str)],
    /// Words for media that mean something else here than usual.
    pub media: &'static [(&'static str, &'static str)],
    pub row_is: RowIs,
    pub daily: bool,
    pub days: u32,
}

impl Dialect {
    /// What most dialects have in common.
    pub(super) const PLAIN: Self = Self {
        name: "",
        kind: ImportKind::Touches,
        telling: &[],
        headers: &[],
        channel: None,
        constants: &[],
        media: &[],
        row_is: RowIs::Order,
        daily: false,
        days: 0,
    };

    /// What a header means in this dialect.
    #[must_use]
    pub fn field(&self, header: &str) -> Option<Field> {
        lookup(self.headers, &header::plain(header))
    }

    /// How many of the file's columns it knows; `None` if the file is no such export.
    fn fit(&self, plain: &[String]) -> Option<usize> {
        let has = |name: &str| plain.iter().any(|column| *column == header::plain(name));
        let tells = self.telling.iter().all(|group| group.iter().any(|name| has(name)));
        tells.then(|| plain.iter().filter(|column| lookup(self.headers, column).is_some()).count())
    }
}

/// The export that a file with these columns is: of those that fit, the one that knows most of them.
#[must_use]
pub fn recognise(columns: &[String], hint: Option<ImportKind>) -> Option<&'static Dialect> {
    let plain: Vec<String> = columns.iter().map(|column| header::plain(column)).collect();
    let fits = DIALECTS.iter().filter(|dialect| hint.is_none_or(|kind| kind == dialect.kind));
    let mut best: Option<(usize, &Dialect)> = None;
    for dialect in fits {
        if let Some(known) = dialect.fit(&plain)
            && best.is_none_or(|(most, _)| known > most)
        {
            best = Some((known, dialect));
        }
    }
    best.map(|(_, dialect)| dialect)
}

/// What a header usually means, in any export.
#[must_use]
pub fn generic(header: &str) -> Option<Field> {
    let plain = header::plain(header);
    lookup(GENERIC, &plain)
        .or_else(|| by_ending(&plain))
        .or_else(|| Field::parse(&header.trim().to_lowercase().replace(['_', ' '], "-")).ok())
}

/// `number_of_cds` is a quantity, `dollar_value` is money.
fn by_ending(plain: &str) -> Option<Field> {
    if plain.starts_with("numberof") || plain.ends_with("qty") || plain.ends_with("quantity") {
        return Some(Field::Quantity);
    }
    (plain.ends_with("value") || plain.ends_with("revenue")).then_some(Field::Value)
}

fn lookup(table: &[(&str, &[&str])], plain: &str) -> Option<Field> {
    if plain.is_empty() {
        return None;
    }
    let names = |headers: &&[&str]| headers.iter().any(|name| *PLAIN_NAMES.get(name).unwrap_or(&String::new()) == plain);
    table.iter().find(|(_, headers)| names(headers)).and_then(|(field, _)| Field::parse(field).ok())
}

/// Every header of the tables in its plain form, made once.
static PLAIN_NAMES: LazyLock<std::collections::HashMap<&'static str, String>> = LazyLock::new(|| {
    let tables = DIALECTS.iter().map(|dialect| dialect.headers).chain([GENERIC]);
    tables.flatten().flat_map(|(_, headers)| headers.iter().map(|name| (*name, header::plain(name)))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_named_in_a_table_exists() {
        for dialect in DIALECTS {
            for (field, _) in dialect.headers.iter() {
                assert!(Field::parse(field).is_ok(), "{}: {field}", dialect.name);
            }
            for (field, _) in dialect.constants {
                assert!(Field::parse(field).is_ok(), "{}: {field}", dialect.name);
            }
        }
        for (field, _) in GENERIC {
            assert!(Field::parse(field).is_ok(), "{field}");
        }
    }

    #[test]
    fn no_header_means_two_things_in_one_dialect() {
        for (name, table) in DIALECTS.iter().map(|dialect| (dialect.name, dialect.headers)).chain([("generic", GENERIC)]) {
            let mut seen = std::collections::BTreeMap::new();
            for (field, headers) in table {
                for one in *headers {
                    if let Some(other) = seen.insert(header::plain(one), field).filter(|other| *other != field) {
                        panic!("{name}: `{one}` means {other} and {field}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_dialect_knows_the_headers_that_tell_it() {
        for dialect in DIALECTS {
            for name in dialect.telling.iter().flat_map(|group| group.iter()) {
                assert!(dialect.field(name).is_some(), "{}: {name}", dialect.name);
            }
        }
    }
}
