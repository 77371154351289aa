//! JSON as a table: an object is a row, `{"a":{"b":1}}` has the column `a.b`, a list is its JSON text.
//!
//! The columns are the keys of the first thousand objects in order of appearance, and one more, [`OTHER_KEYS`], which keeps
//! what later objects have besides as JSON text: nothing is lost and the columns need not be known to the end of a file.
//! Files with an object a line and files with one array of objects are both read as they come, never whole.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::decode::Decoder;
use super::open::{FileError, Limits};
use super::row::Chunk;
use super::split::Cutter;

/// The column of the keys that did not occur in the first thousand objects.
pub const OTHER_KEYS: &str = "(other keys)";
const SAMPLE: usize = 1000;

/// Which cell a key fills.
#[derive(Debug)]
pub(super) struct Keys {
    places: HashMap<String, usize>,
    width: usize,
}

/// Why an object is no row.
#[derive(Debug)]
pub(super) struct RowError {
    pub(super) column: String,
    pub(super) reason: String,
}

impl Keys {
    /// The keys of the first lines, and the columns' names. `None`: no line is an object.
    pub(super) fn of(text: &str) -> Option<(Self, Vec<String>)> {
        let (mut columns, mut places) = (Vec::new(), HashMap::new());
        let mut objects = 0;
        for line in text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(SAMPLE) {
            let Ok(found) = flatten(line) else { continue };
            objects += 1;
            for (key, _) in found {
                if !places.contains_key(&key) {
                    places.insert(key.clone(), columns.len());
                    columns.push(key);
                }
            }
        }
        let mut other = OTHER_KEYS.to_owned();
        while places.contains_key(&other) {
            other.push('+');
        }
        columns.push(other);
        (objects > 0).then_some((Self { places, width: columns.len() }, columns))
    }

    /// Reads an object into cells.
    pub(super) fn row(&self, line: &str, cells: &mut Vec<String>) -> Result<(), RowError> {
        cells.iter_mut().for_each(String::clear);
        cells.resize(self.width, String::new());
        let mut other = Map::new();
        let mut filled = vec![false; self.width];
        for (key, text) in flatten(line).map_err(|reason| RowError { column: String::new(), reason })? {
            let twice = match self.places.get(&key) {
                Some(&place) => {
                    cells[place] = text;
                    std::mem::replace(&mut filled[place], true)
                }
                None => other.insert(key.clone(), Value::String(text)).is_some(),
            };
            if twice {
                return Err(RowError {
                    reason: format!("the key `{key}` stands twice in the object: which one is meant?"),
                    column: key,
                });
            }
        }
        if let (false, Some(last)) = (other.is_empty(), cells.last_mut()) {
            *last = Value::Object(other).to_string();
        }
        Ok(())
    }
}

/// The keys and texts of an object, nested ones joined with points.
fn flatten(line: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(line);
    let seed = Leaf { path: String::new(), found: &mut found };
    let read = seed.deserialize(&mut reader).and_then(|()| reader.end());
    read.map_err(|error| format!("the line is not a JSON object: {error}"))?;
    Ok(found)
}

/// One value and where it stands.
struct Leaf<'a> {
    path: String,
    found: &'a mut Vec<(String, String)>,
}

impl Leaf<'_> {
    fn put<E: Error>(self, text: String) -> Result<(), E> {
        if self.path.is_empty() {
            return Err(E::custom("it is a value alone"));
        }
        self.found.push((self.path, text));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Leaf<'_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        // Beyond 2^64 a whole number has lost digits, and it is most likely an id.
        if value.abs() >= 18_446_744_073_709_551_615.0 {
            return Err(E::custom(format!("the number at `{}` is too long to be read exactly: write it in quotes", self.path)));
        }
        self.put(value.to_string())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.put(value.to_owned())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.put(String::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<Value>()? {
            values.push(value);
        }
        self.put(Value::Array(values).to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
            // An empty key would look like the whole object.
            let path = if path.is_empty() { "(empty key)".to_owned() } else { path };
            map.next_value_seed(Leaf { path, found: self.found })?;
        }
        Ok(())
    }
}

/// Cuts decoded text into chunks of objects.
pub(super) struct JsonReader {
    pub(super) name: String,
    decoder: Decoder,
    lines: String,
    cutter: Cutter,
    array: Option<ArrayCutter>,
    keys: Arc<Keys>,
    next_row: u64,
    chunk_bytes: usize,
    max_row_bytes: usize,
    over: bool,
}

impl JsonReader {
    /// Goes on after `head`, text that was decoded already. Returns the reader and its columns.
    pub(super) fn open(
        name: String,
        mut decoder: Decoder,
        mut head: String,
        array: bool,
        chunk_bytes: usize,
        limits: &Limits,
    ) -> Result<(Self, Vec<String>), FileError> {
        let mut over = false;
        while memchr::memchr_iter(b'\n', head.as_bytes()).count() < SAMPLE && head.len() < 4 << 20 && !over {
            over = !decoder.more(&mut head, 1 << 18).map_err(|fault| fault.of(&name, 1))?;
        }
        let mut array = array.then(ArrayCutter::default);
        let lines = match &mut array {
            Some(cutter) => cutter.cut(&head, &name)?,
            None => head,
        };
        if over && array.as_ref().is_some_and(|cutter| !cutter.closed) {
            let row = 1 + memchr::memchr_iter(b'\n', lines.as_bytes()).count() as u64;
            return Err(FileError::CutShort { name, row });
        }
        let Some((keys, columns)) = Keys::of(&lines) else {
            return Err(FileError::NotATable {
                name,
                looks_like: "JSON without an object a line".into(),
                advice: "export JSON Lines (one object a line) or one array of objects".into(),
            });
        };
        let (keys, cutter) = (Arc::new(keys), Cutter::new(None));
        let max_row_bytes = limits.max_row_bytes;
        Ok((Self { name, decoder, lines, cutter, array, keys, next_row: 1, chunk_bytes, max_row_bytes, over }, columns))
    }

    fn next_chunk(&mut self) -> Result<Option<Chunk>, FileError> {
        loop {
            self.cutter.scan(self.lines.as_bytes(), self.over);
            let ready = self.cutter.whole >= self.chunk_bytes || self.over && !self.lines.is_empty();
            if ready {
                let (until, rows) =
                    if self.over { (self.lines.len(), self.cutter.rows + 1) } else { (self.cutter.whole, self.cutter.rows) };
                let rest = self.lines.split_off(until);
                let text = std::mem::replace(&mut self.lines, rest);
                let first = self.next_row;
                self.next_row += rows;
                if self.over {
                    self.cutter = Cutter::new(None);
                } else {
                    self.cutter.taken();
                }
                return Ok(Some(Chunk::json(first, self.keys.width, text, Arc::clone(&self.keys))));
            }
            if self.over {
                return Ok(None);
            }
            if self.lines.len() - self.cutter.whole > self.max_row_bytes {
                let row = self.next_row + self.cutter.rows;
                return Err(FileError::RowTooLong { name: self.name.clone(), row, limit: self.max_row_bytes });
            }
            let row = self.next_row + self.cutter.rows;
            let fail = |fault: super::decode::DecodeFault, name: &str| fault.of(name, row);
            match &mut self.array {
                None => {
                    self.over = !self.decoder.more(&mut self.lines, self.chunk_bytes).map_err(|fault| fail(fault, &self.name))?
                }
                Some(array) => {
                    let mut text = String::new();
                    self.over = !self.decoder.more(&mut text, self.chunk_bytes).map_err(|fault| fail(fault, &self.name))?;
                    self.lines.push_str(&array.cut(&text, &self.name)?);
                    if self.over && !array.closed {
                        return Err(FileError::CutShort { name: self.name.clone(), row });
                    }
                }
            }
        }
    }
}

impl Iterator for JsonReader {
    type Item = Result<Chunk, FileError>;
    fn next(&mut self) -> Option<Self::Item> {
        self.next_chunk().transpose()
    }
}

/// Turns the text of one array into a line for each of its elements.
#[derive(Debug, Default)]
struct ArrayCutter {
    depth: u32,
    in_string: bool,
    escaped: bool,
    closed: bool,
}

impl ArrayCutter {
    fn cut(&mut self, text: &str, name: &str) -> Result<String, FileError> {
        let mut lines = String::with_capacity(text.len());
        for c in text.chars() {
            if self.closed {
                if c.is_whitespace() {
                    continue;
                }
                return Err(FileError::NotATable {
                    name: name.to_owned(),
                    looks_like: "JSON with something after its array".into(),
                    advice: "export JSON Lines (one object a line) or one array of objects".into(),
                });
            }
            // A line break inside an element is white space: JSON writes those of texts as `\n`.
            let kept = if matches!(c, '\n' | '\r') { ' ' } else { c };
            if self.in_string {
                lines.push(kept);
                match c {
                    _ if self.escaped => self.escaped = false,
                    '\\' => self.escaped = true,
                    '"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            let before = self.depth;
            match c {
                '"' => self.in_string = true,
                '[' | '{' => self.depth += 1,
                ']' | '}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            match (before, self.depth) {
                (0, _) => {}
                (_, 0) => self.closed = true,
                (1, 1) if c == ',' => lines.push('\n'),
                _ => lines.push(kept),
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(lines: &str, row: &str) -> Result<Vec<String>, String> {
        let (keys, _) = Keys::of(lines).unwrap();
        let mut cells = Vec::new();
        keys.row(row, &mut cells).map(|()| cells).map_err(|error| error.reason)
    }

    #[test]
    fn nested_objects_become_columns_and_lists_stay_json() {
        let line = r#"{"id":12345678901234567890,"user":{"name":"茶","tags":["a",{"b":1}]},"ok":true,"none":null,"x":1.5}"#;
        let (_, columns) = Keys::of(line).unwrap();
        assert_eq!(columns, ["id", "user.name", "user.tags", "ok", "none", "x", OTHER_KEYS]);
        assert_eq!(cells(line, line).unwrap(), ["12345678901234567890", "茶", "[\"a\",{\"b\":1}]", "true", "", "1.5", ""]);
    }

    #[test]
    fn a_key_that_comes_late_is_kept_as_json() {
        assert_eq!(cells(r#"{"a":1}"#, r#"{"a":2,"late":{"x":"y"}}"#).unwrap(), ["2", r#"{"late.x":"y"}"#]);
    }

    #[test]
    fn a_line_that_is_no_object_says_why() {
        for line in ["{\"a\":", "12", "[1]", "{\"a\":1} x", "{\"a\":1,\"a\":2}", "{\"a\":123456789012345678901234567890}"] {
            assert!(cells(r#"{"a":1}"#, line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_array_is_cut_at_its_own_commas_only() {
        let mut cutter = ArrayCutter::default();
        let text = " [ {\"a\":\"x,]}\\\"\", \"b\":[1,2]},\n{\"a\":\n2} ] ";
        let lines = cutter.cut(text, "f").unwrap();
        assert!(cutter.closed);
        assert_eq!(lines.split('\n').map(str::trim).collect::<Vec<_>>(), ["{\"a\":\"x,]}\\\"\", \"b\":[1,2]}", "{\"a\": 2}"]);
    }

    proptest! {
        #[test]
        fn no_line_breaks_the_reader(line in "[{}\\[\\]\",:a1. tnul\\\\-]{0,40}") {
            let _ = cells(r#"{"a":1}"#, &line);
            let _ = ArrayCutter::default().cut(&line, "f");
        }
    }
}
