//! A mapping laid over the columns of one file: checked once, then read by as many threads as there are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kith_core::{Calendar, Channel, Currency, ImportId, Instant, Medium, Metric, Tenant, TouchKind};

use super::mapping::{Mapping, OrderStatus, RowIs};
use super::own_id::Repeats;
use super::reader::RowReader;
use super::{Field, ImportKind, dialect, header, words};
use crate::file::Row;

/// When posts were published, for files that give times as seconds after their post.
#[derive(Debug, Clone, Default)]
pub struct PostTimes(Arc<HashMap<Channel, HashMap<String, Instant>>>);

impl PostTimes {
    /// The instant at which `post` was published on `channel`.
    #[must_use]
    pub fn get(&self, channel: &Channel, post: &str) -> Option<Instant> {
        self.0.get(channel)?.get(post).copied()
    }
}

impl FromIterator<(Channel, String, Instant)> for PostTimes {
    fn from_iter<T: IntoIterator<Item = (Channel, String, Instant)>>(posts: T) -> Self {
        let mut times: HashMap<Channel, HashMap<String, Instant>> = HashMap::new();
        for (channel, post, at) in posts {
            times.entry(channel).or_default().insert(post, at);
        }
        Self(Arc::new(times))
    }
}

/// A mapping that can read the rows of a file with these columns.
#[derive(Debug, Clone)]
pub struct Plan {
    rules: Arc<Rules>,
    absent: Vec<String>,
}

/// Why a mapping cannot read a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("no column says `{field}` ({about}), and {kind} need it: {proposal}")]
    Missing { kind: ImportKind, field: String, about: &'static str, proposal: String },
    #[error("`{one}` and `{other}` both mean `{field}`: choose one, and let the other be `attribute` or `ignore`")]
    Twice { field: Field, one: String, other: String },
    #[error("`{0}` is no time zone: use an IANA name such as Asia/Shanghai")]
    Zone(String),
    #[error("`{0}` is no country: use two letters of ISO 3166, such as CN")]
    Country(String),
    #[error("the constant `{value}` for `{field}` cannot be read: {reason}")]
    Constant { field: Field, value: String, reason: String },
}

/// Where a field is found: in a column, in a constant, in both (the constant fills empty cells) or nowhere.
#[derive(Debug, Clone, Default)]
pub struct Slot {
    pub column: Option<usize>,
    pub constant: Option<String>,
}

impl Slot {
    /// The trimmed text of the cell; empty where the cell says nothing.
    pub fn text<'a>(&'a self, row: &Row<'a>) -> &'a str {
        if let Some(column) = self.column {
            let cell = row.cell(column).trim();
            if !words::says_nothing(cell) {
                return cell;
            }
        }
        self.constant.as_deref().unwrap_or("")
    }

    pub const fn is_there(&self) -> bool {
        self.column.is_some() || self.constant.is_some()
    }
}

/// Everything that reading a row needs and that is the same for all of them.
#[derive(Debug)]
pub struct Rules {
    pub tenant: Tenant,
    pub import: ImportId,
    pub kind: ImportKind,
    pub columns: Vec<String>,
    slots: Vec<Slot>,
    /// Columns of counts; of one medium, in a table with a column a medium.
    pub metrics: Vec<(usize, Metric, Option<Medium>)>,
    pub spends: Vec<(usize, Medium)>,
    pub consents: Vec<(usize, String)>,
    /// Column and name, sorted by name, so that the order of columns does not change what a row says.
    pub attributes: Vec<(usize, String)>,
    pub channel: Channel,
    pub source: Option<String>,
    pub currency: Currency,
    pub country: String,
    pub calendar: Calendar,
    pub export_time: Option<Instant>,
    pub day_first: bool,
    pub row_is: RowIs,
    pub daily: bool,
    pub days: u32,
    kinds: HashMap<String, TouchKind>,
    media: HashMap<String, Medium>,
    statuses: HashMap<String, OrderStatus>,
    pub posts: PostTimes,
    pub repeats: Repeats,
}

impl Plan {
    /// Lays `mapping` over the columns of a file. Columns of the mapping that the file does not have are passed over (they
    /// are in [`Plan::absent`]) unless the rows cannot be read without them.
    pub fn new(
        mapping: &Mapping,
        columns: &[String],
        tenant: &Tenant,
        import: ImportId,
        posts: &PostTimes,
    ) -> Result<Self, MappingError> {
        let settings = &mapping.settings;
        let calendar = match &settings.zone {
            Some(zone) => Calendar::parse(zone).ok_or_else(|| MappingError::Zone(zone.clone()))?,
            None => tenant.calendar,
        };
        let country = settings.country.as_deref().unwrap_or(&tenant.country).trim().to_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(MappingError::Country(country));
        }
        let mut rules = Rules {
            tenant: tenant.clone(),
            import,
            kind: mapping.kind,
            columns: columns.to_vec(),
            slots: vec![Slot::default(); Field::PLACES],
            metrics: Vec::new(),
            spends: Vec::new(),
            consents: Vec::new(),
            attributes: Vec::new(),
            channel: settings.channel.clone().unwrap_or_else(|| default_channel(mapping.kind)),
            source: settings.source.clone(),
            currency: settings.currency.unwrap_or(tenant.currency),
            country,
            calendar,
            export_time: settings.export_time,
            day_first: settings.day_first,
            row_is: settings.row_is,
            daily: settings.daily,
            days: settings.days.clamp(1, 366),
            kinds: lower(&settings.kinds),
            media: lower(&settings.media),
            statuses: lower(&settings.statuses),
            posts: posts.clone(),
            repeats: Repeats::new(),
        };
        let mut absent = Vec::new();
        let mut taken: BTreeMap<&Field, &str> = BTreeMap::new();
        for (name, field) in &mapping.columns {
            let Some(column) = find(columns, name) else {
                absent.push(name.clone());
                continue;
            };
            if !field.may_repeat()
                && let Some(one) = taken.insert(field, name)
            {
                return Err(MappingError::Twice { field: field.clone(), one: one.to_owned(), other: name.clone() });
            }
            rules.place(column, name, field);
        }
        for (field, value) in &mapping.constants {
            rules.fix(field, value)?;
        }
        rules.attributes.sort_by(|one, other| one.1.cmp(&other.1));
        rules.check()?;
        Ok(Self { rules: Arc::new(rules), absent })
    }

    /// A reader for one thread. All readers of a plan count repeated rows together.
    #[must_use]
    pub fn reader(&self) -> RowReader {
        RowReader::new(Arc::clone(&self.rules))
    }

    /// Columns that the mapping knows and this file does not have.
    #[must_use]
    pub fn absent(&self) -> &[String] {
        &self.absent
    }

    #[must_use]
    pub fn kind(&self) -> ImportKind {
        self.rules.kind
    }
}

/// The channel of rows that name none, in a mapping that names none.
#[must_use]
pub fn default_channel(kind: ImportKind) -> Channel {
    let name = match kind {
        ImportKind::Orders | ImportKind::Reviews | ImportKind::Contacts => Channel::SHOP,
        ImportKind::Cases => Channel::SERVICE_DESK,
        ImportKind::Touches | ImportKind::Posts | ImportKind::Costs => Channel::WEB,
    };
    Channel::parse(name).expect("our own names of channels are short names")
}

fn lower<T: Clone>(table: &BTreeMap<String, T>) -> HashMap<String, T> {
    table.iter().map(|(word, meaning)| (word.trim().to_lowercase(), meaning.clone())).collect()
}

/// The column called `name`: exactly so, or so but for case, spaces and units.
fn find(columns: &[String], name: &str) -> Option<usize> {
    let exact = columns.iter().position(|column| column == name);
    exact.or_else(|| {
        let plain = header::plain(name);
        columns.iter().position(|column| !plain.is_empty() && header::plain(column) == plain)
    })
}

impl Rules {
    pub fn slot(&self, field: &Field) -> &Slot {
        // Only the fields of `Field::PLAIN` are asked for, and each of them has a place.
        &self.slots[field.place().unwrap_or(0)]
    }

    pub fn has(&self, field: &Field) -> bool {
        field.place().is_some_and(|place| self.slots[place].is_there())
    }

    pub fn kind_of(&self, word: &str) -> Option<TouchKind> {
        self.kinds.get(&word.trim().to_lowercase()).copied().or_else(|| words::kind(word))
    }

    pub fn medium_of(&self, word: &str) -> Option<Medium> {
        self.media.get(&word.trim().to_lowercase()).cloned().or_else(|| words::medium(word))
    }

    pub fn status_of(&self, word: &str) -> Option<OrderStatus> {
        self.statuses.get(&word.trim().to_lowercase()).copied().or_else(|| words::status(word))
    }

    fn place(&mut self, column: usize, name: &str, field: &Field) {
        match field {
            Field::Metric(metric) => self.metrics.push((column, metric.clone(), None)),
            Field::MetricOf(metric, medium) => self.metrics.push((column, metric.clone(), Some(medium.clone()))),
            Field::CostOf(medium) => self.spends.push((column, medium.clone())),
            Field::Consent(purpose) => self.consents.push((column, purpose.clone())),
            Field::Attribute => self.attributes.push((column, name.trim().to_owned())),
            Field::Ignore => {}
            plain => {
                if let Some(place) = plain.place() {
                    self.slots[place].column = Some(column);
                }
            }
        }
    }

    fn fix(&mut self, field: &Field, value: &str) -> Result<(), MappingError> {
        let wrong =
            |reason: &str| MappingError::Constant { field: field.clone(), value: value.to_owned(), reason: reason.to_owned() };
        let Some(place) = field.place() else {
            return Err(wrong("only a field without a name of its own can be a constant"));
        };
        match field {
            Field::Kind if self.kind_of(value).is_none() => return Err(wrong("it is no kind of touch")),
            Field::Channel => {
                self.channel = Channel::parse(value).map_err(|error| wrong(&error.to_string()))?;
            }
            Field::Medium if self.medium_of(value).is_none() => return Err(wrong("it is no medium")),
            _ => {}
        }
        self.slots[place].constant = Some(value.trim().to_owned());
        Ok(())
    }

    /// Is there everything without which no row can be read?
    fn check(&self) -> Result<(), MappingError> {
        let people =
            [Field::Login, Field::UnionId, Field::Email, Field::Phone, Field::Device, Field::ReferralCode, Field::TrackedLink];
        let person = people.iter().any(|field| self.has(field));
        match self.kind {
            ImportKind::Touches => {
                self.need(&[Field::Kind])?;
                let undated = self.slot(&Field::Kind).constant.as_deref().and_then(|word| self.kind_of(word));
                let dated_by_post = self.has(&Field::SecondsAfterPost) && self.has(&Field::Post);
                let dated_by_order = undated.is_some_and(TouchKind::may_be_undated) && self.has(&Field::Order);
                if !dated_by_post && !dated_by_order {
                    self.need(&[Field::At])?;
                }
                if person { Ok(()) } else { self.need(&[Field::Login, Field::Order, Field::Email, Field::Phone]) }
            }
            ImportKind::Contacts => {
                if person {
                    Ok(())
                } else {
                    self.need(&[Field::Login, Field::Email, Field::Phone])
                }
            }
            ImportKind::Posts if self.is_of_posts() => Ok(()),
            ImportKind::Posts => {
                if self.metrics.is_empty() {
                    return self.need(&[Field::Text, Field::Post, Field::Title]);
                }
                self.need(&[Field::CountedAt])
            }
            ImportKind::Orders => match self.row_is {
                RowIs::Order | RowIs::OrderAndLine => self.need(&[Field::At]),
                RowIs::Line => self.need(&[Field::Order, Field::At]),
                RowIs::Payment => {
                    self.need(&[Field::Order])?;
                    self.need(&[Field::Value, Field::PaidAmount])
                }
                RowIs::Refund => {
                    self.need(&[Field::Order])?;
                    self.need(&[Field::Value, Field::RefundAmount])
                }
            },
            ImportKind::Costs => {
                self.need(&[Field::CostFrom])?;
                if !self.spends.is_empty() {
                    return Ok(());
                }
                self.need(&[Field::Amount])?;
                self.need(&[Field::Medium, Field::SourceMedium])
            }
            ImportKind::Reviews => {
                self.need(&[Field::Score, Field::Text])?;
                if person { Ok(()) } else { self.need(&[Field::Order, Field::Login]) }
            }
            ImportKind::Cases => {
                self.need(&[Field::CaseNumber])?;
                self.need(&[Field::OpenedAt])
            }
        }
    }

    /// Does a row of a posts file speak of one post (and not of a day)?
    pub fn is_of_posts(&self) -> bool {
        [Field::Post, Field::Text, Field::Title, Field::Url].iter().any(|field| self.has(field))
    }

    /// One of `fields` must be there; the first is the one to speak of.
    fn need(&self, fields: &[Field]) -> Result<(), MappingError> {
        if fields.iter().any(|field| self.has(field)) {
            return Ok(());
        }
        let about = fields
            .first()
            .and_then(|field| Field::PLAIN.iter().find(|(plain, _, _)| plain == field))
            .map_or("", |(_, _, about)| about);
        let names: Vec<String> = fields.iter().map(ToString::to_string).collect();
        let likely: Vec<&str> = self
            .columns
            .iter()
            .filter(|column| dialect::generic(column).is_some_and(|field| fields.contains(&field)))
            .map(String::as_str)
            .collect();
        let free = || {
            let attributes = self.attributes.iter().map(|(_, name)| name.as_str()).take(6).collect::<Vec<_>>();
            if attributes.is_empty() { self.columns.iter().map(String::as_str).take(6).collect() } else { attributes }
        };
        let proposed = if likely.is_empty() { free() } else { likely };
        let proposal = match proposed.as_slice() {
            [] => "the file has no columns".to_owned(),
            columns => format!("is it {}?", columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(" or ")),
        };
        Err(MappingError::Missing { kind: self.kind, field: names.join("` or `"), about, proposal })
    }
}
