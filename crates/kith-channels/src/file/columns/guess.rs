//! Proposes a mapping for a file: from the headers of exports we know, from what headers usually mean, and from the values.

use kith_core::{Channel, Medium, Metric, Tenant};

use super::dialect::{self, Dialect};
use super::look::Look;
use super::mapping::{Mapping, RowIs};
use super::plan::default_channel;
use super::{Field, ImportKind, words};

/// A proposal, with its reasons and its doubts.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    pub mapping: Mapping,
    /// One a column, in the order of the file.
    pub columns: Vec<ColumnGuess>,
    /// What a person should look at, one sentence each.
    pub doubts: Vec<String>,
}

/// What a column probably means.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnGuess {
    pub column: String,
    pub field: Field,
    /// 0 to 1: our own judgement, for the order in which to show what to check. Not a probability that was measured.
    pub confidence: f64,
    pub why: String,
}

/// Proposes a mapping. `sample` are the first rows, `hint` is what the person says the file holds.
#[must_use]
pub fn guess(columns: &[String], sample: &[Vec<String>], hint: Option<ImportKind>, tenant: &Tenant) -> Guess {
    let looks: Vec<Look> = (0..columns.len())
        .map(|column| {
            Look::at(sample.iter().filter_map(|row| row.get(column)).map(|cell| cell.trim()), tenant.calendar, &tenant.country)
        })
        .collect();
    let known = dialect::recognise(columns, hint);
    let spends = wide_costs(columns, hint);
    let mut found: Vec<ColumnGuess> = columns.iter().map(|column| by_header(column, known)).collect();
    let kind = match (known, hint) {
        (Some(known), _) if spends.is_empty() => known.kind,
        _ if !spends.is_empty() => ImportKind::Costs,
        (_, Some(hint)) => hint,
        _ => kind_of(&found, &looks),
    };
    let mut mapping = Mapping::new(kind);
    let mut doubts = Vec::new();
    match known.filter(|known| known.kind == kind) {
        Some(known) => settle(&mut mapping, known),
        None => {
            for column in &mut found {
                turn(&mut column.field, kind);
            }
            doubts.push(format!("the headers are of no export that we know: read as {kind}, by what each header usually means"));
        }
    }
    for (column, field) in spends {
        found[column] =
            ColumnGuess { field, confidence: 0.9, why: "one column a medium, by its ending".into(), ..found[column].clone() };
    }
    keep_once(&mut found, &mut doubts);
    by_value(&mut found, &looks, kind, known.is_some());
    if known.is_none() {
        infer(&mut mapping, &found, columns);
    }
    check_values(&mut found, &looks, &mut doubts);
    mapping.columns = found.iter().map(|guess| (guess.column.clone(), guess.field.clone())).collect();
    day_first(&mut mapping, &found, &looks, &mut doubts);
    say_assumptions(&mut mapping, &found, tenant, &mut doubts);
    Guess { mapping, columns: found, doubts }
}

fn by_header(column: &str, known: Option<&Dialect>) -> ColumnGuess {
    let guess = |field, confidence, why| ColumnGuess { column: column.to_owned(), field, confidence, why };
    if let Some(known) = known
        && let Some(field) = known.field(column)
    {
        return guess(field, 0.95, format!("header of {}", known.name));
    }
    // In an export that we know, an unknown column is kept and not guessed: half of its words mean something of its own.
    match dialect::generic(column).filter(|_| known.is_none()) {
        Some(field) => guess(field, 0.8, "what this header usually means".into()),
        None => guess(Field::Attribute, 0.3, "kept under its own name".into()),
    }
}

fn settle(mapping: &mut Mapping, known: &Dialect) {
    mapping.dialect = Some(known.name.to_owned());
    let settings = &mut mapping.settings;
    settings.channel = known.channel.and_then(|channel| Channel::parse(channel).ok());
    settings.row_is = known.row_is;
    settings.daily = known.daily;
    settings.days = known.days;
    for (word, medium) in known.media {
        settings.media.extend(Medium::parse(medium).ok().map(|medium| ((*word).to_owned(), medium)));
    }
    for (field, value) in known.constants {
        mapping.constants.extend(Field::parse(field).ok().map(|field| (field, (*value).to_owned())));
    }
}

/// What the file holds, by the fields that its headers name.
fn kind_of(found: &[ColumnGuess], looks: &[Look]) -> ImportKind {
    let has = |field: &Field| found.iter().any(|guess| guess.field == *field);
    let any = |fields: &[Field]| fields.iter().any(has);
    let counts = found.iter().filter(|guess| matches!(guess.field, Field::Metric(_))).count();
    let person = found.iter().any(|guess| guess.field.is_identity());
    let profile = [Field::Gender, Field::City, Field::Province, Field::Birthday, Field::Tags];
    if any(&[Field::CaseNumber, Field::AnsweredAt, Field::OpenedAt, Field::ResolvedAt]) {
        ImportKind::Cases
    } else if any(&[Field::CostKind, Field::Hours]) || has(&Field::Amount) && !person && !has(&Field::Order) {
        ImportKind::Costs
    } else if has(&Field::Score) && any(&[Field::Text, Field::Order, Field::Item, Field::Title]) {
        ImportKind::Reviews
    } else if has(&Field::Kind) && (has(&Field::At) || has(&Field::SecondsAfterPost)) {
        ImportKind::Touches
    } else if has(&Field::Order) || person && any(&[Field::Value, Field::UnitPrice]) && any(&[Field::At, Field::Quantity]) {
        ImportKind::Orders
    } else if counts >= 2 || has(&Field::PublishedAt) || counts >= 1 && !person || any(&[Field::Text, Field::Title]) && !person {
        ImportKind::Posts
    } else if person && profile.iter().any(has) {
        ImportKind::Contacts
    } else if has(&Field::At) || looks.iter().any(|look| look.times > 0.8) {
        ImportKind::Touches
    } else {
        ImportKind::Contacts
    }
}

/// The same word means another thing in another kind of file.
fn turn(field: &mut Field, kind: ImportKind) {
    let new = match (kind, &*field) {
        (ImportKind::Posts, Field::At) => Field::PublishedAt,
        (ImportKind::Posts, Field::SourceId) => Field::Post,
        (ImportKind::Posts, Field::Login | Field::Name) => Field::Author,
        (ImportKind::Costs, Field::At | Field::CountedAt) => Field::CostFrom,
        (ImportKind::Costs, Field::Value) => Field::Amount,
        (ImportKind::Costs, Field::Kind) => Field::CostKind,
        (ImportKind::Costs, Field::Channel) => Field::Medium,
        (ImportKind::Orders, Field::SourceId) => Field::Order,
        (ImportKind::Orders, Field::Amount) => Field::Value,
        (ImportKind::Cases, Field::SourceId) => Field::CaseNumber,
        (ImportKind::Cases, Field::At) => Field::OpenedAt,
        (ImportKind::Cases, Field::Title) => Field::Subject,
        (ImportKind::Contacts, Field::SourceId) => Field::Login,
        (ImportKind::Contacts, Field::At | Field::Kind | Field::Value | Field::Order) => Field::Attribute,
        (ImportKind::Touches, Field::PublishedAt | Field::CountedAt) => Field::At,
        (
            ImportKind::Touches | ImportKind::Orders,
            Field::City | Field::Province | Field::Country | Field::Gender | Field::Tags,
        ) => Field::Attribute,
        (
            ImportKind::Touches | ImportKind::Contacts | ImportKind::Orders | ImportKind::Reviews | ImportKind::Cases,
            Field::Metric(_),
        ) => Field::Attribute,
        (ImportKind::Touches, Field::UnitPrice | Field::OrderStatus) => Field::Attribute,
        (ImportKind::Touches | ImportKind::Orders | ImportKind::Reviews, Field::Author) => Field::Login,
        (ImportKind::Reviews, Field::Kind) => Field::Attribute,
        _ => return,
    };
    *field = new;
}

/// A field that only one column can have goes to the first; a day's report without a post has its day in `published-at`.
fn keep_once(found: &mut [ColumnGuess], doubts: &mut Vec<String>) {
    let mut taken: Vec<(Field, String)> = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for guess in found {
        if !names.insert(guess.column.clone()) {
            doubts.push(format!(
                "two columns are called `{}`: only the first is read; rename the other to have it read",
                guess.column
            ));
            guess.field = Field::Ignore;
            continue;
        }
        if guess.field.may_repeat() {
            continue;
        }
        if let Some((field, first)) = taken.iter().find(|(field, _)| *field == guess.field) {
            doubts.push(format!(
                "`{first}` and `{}` could both be `{field}`: the first is taken, the second kept under its own name",
                guess.column
            ));
            (guess.field, guess.confidence, guess.why) = (Field::Attribute, 0.3, format!("`{first}` is `{field}` already"));
        } else {
            taken.push((guess.field.clone(), guess.column.clone()));
        }
    }
}

/// Columns whose headers say nothing, by their values.
fn by_value(found: &mut [ColumnGuess], looks: &[Look], kind: ImportKind, known: bool) {
    if known {
        return;
    }
    for at in 0..found.len() {
        if found[at].field != Field::Attribute || looks[at].filled == 0 {
            continue;
        }
        let free = |field: &Field| !found.iter().any(|guess| guess.field == *field);
        let Some((field, confidence, why)) = shape(&looks[at], kind, &free) else {
            continue;
        };
        found[at] = ColumnGuess { field, confidence, why: why.to_owned(), column: found[at].column.clone() };
    }
}

fn shape(look: &Look, kind: ImportKind, free: &dyn Fn(&Field) -> bool) -> Option<(Field, f64, &'static str)> {
    let time = match kind {
        ImportKind::Posts => Field::PublishedAt,
        ImportKind::Costs => Field::CostFrom,
        ImportKind::Cases => Field::OpenedAt,
        _ => Field::At,
    };
    let money = if kind == ImportKind::Costs { Field::Amount } else { Field::Value };
    let people = !matches!(kind, ImportKind::Posts | ImportKind::Costs);
    let talks = matches!(kind, ImportKind::Touches | ImportKind::Posts | ImportKind::Reviews | ImportKind::Cases);
    let nobody = [Field::Login, Field::Email, Field::Phone, Field::UnionId].iter().all(free);
    let choice = if look.emails > 0.8 && people {
        (Field::Email, 0.7, "the values look like e-mail addresses")
    } else if look.urls > 0.8 && kind == ImportKind::Posts {
        (Field::Url, 0.6, "the values look like web addresses")
    } else if look.times > 0.8 && kind != ImportKind::Contacts {
        (time, 0.6, "the values look like times")
    } else if look.phones > 0.8 && people {
        (Field::Phone, 0.6, "the values look like phone numbers")
    } else if look.kinds > 0.8 && look.numbers < 0.2 && kind == ImportKind::Touches {
        (Field::Kind, 0.6, "the values are words for what people do")
    } else if look.money > 0.8 && matches!(kind, ImportKind::Orders | ImportKind::Touches | ImportKind::Costs) {
        (money, 0.4, "the values look like money")
    } else if look.length > 12.0 && look.codes < 0.7 && talks {
        (Field::Text, 0.4, "the values look like what people write")
    } else if people && nobody && look.codes > 0.9 && look.length >= 3.0 && look.money < 0.5 {
        (Field::Login, 0.3, "the values look like the numbers or logins of people")
    } else {
        return None;
    };
    free(&choice.0).then_some(choice)
}

/// What a file of no known export leaves open and its columns let us conclude.
fn infer(mapping: &mut Mapping, found: &[ColumnGuess], columns: &[String]) {
    let has = |field: &Field| found.iter().any(|guess| guess.field == *field);
    match mapping.kind {
        ImportKind::Orders => {
            let header = |word: &str| columns.iter().any(|column| super::header::plain(column).contains(word));
            mapping.settings.row_is = if has(&Field::Part) && header("payment") {
                RowIs::Payment
            } else if has(&Field::RefundAmount) && !has(&Field::Value) && !has(&Field::UnitPrice) {
                RowIs::Refund
            } else if has(&Field::UnitPrice) && !has(&Field::Value) || has(&Field::Part) {
                RowIs::Line
            } else {
                RowIs::Order
            };
        }
        ImportKind::Touches if !has(&Field::Kind) => {
            // 评论时间, 转发内容: the headers say what happened.
            let said = [
                ("评论", "comment"),
                ("comment", "comment"),
                ("转发", "repost"),
                ("repost", "repost"),
                ("私信", "message"),
                ("message", "message"),
                ("关注", "follow"),
                ("扫码", "scan"),
                ("访问", "visit"),
                ("visit", "visit"),
                ("lead", "lead"),
                ("线索", "lead"),
            ];
            let kind = said.iter().find(|(word, _)| columns.iter().any(|column| super::header::plain(column).contains(word)));
            if let Some((_, kind)) = kind {
                mapping.constants.push((Field::Kind, (*kind).to_owned()));
            }
        }
        _ => {}
    }
}

/// `tv_S`, `facebook_I`, `search_clicks_P`: the columns of a marketing-mix table, with spends, impressions and clicks.
fn wide_costs(columns: &[String], hint: Option<ImportKind>) -> Vec<(usize, Field)> {
    let spend =
        |column: &str| column.ends_with("_S") || column.ends_with("_spend") || column.ends_with("花费") && column != "花费";
    if hint.is_some_and(|kind| kind != ImportKind::Costs) || columns.iter().filter(|column| spend(column)).count() < 2 {
        return Vec::new();
    }
    let medium = |stem: &str| words::medium(if stem == "search" { "paid-search" } else { stem });
    let mut fields = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let name = column.trim();
        let stem = name.strip_suffix("_S").or_else(|| name.strip_suffix("_spend")).or_else(|| name.strip_suffix("花费"));
        let of = |metric: &str, stem: &str| Some(Field::MetricOf(Metric::parse(metric).ok()?, medium(stem)?));
        let field = if let Some(stem) = stem.filter(|stem| !stem.is_empty()) {
            medium(stem).map(Field::CostOf)
        } else if let Some(stem) = name.strip_suffix("_I") {
            of(Metric::IMPRESSIONS, stem.trim_end_matches("_impressions"))
        } else if let Some(stem) = name.strip_suffix("_P") {
            of(Metric::CLICKS, stem.trim_end_matches("_clicks"))
        } else {
            match dialect::generic(name) {
                Some(Field::At | Field::CountedAt) => Some(Field::CostFrom),
                Some(Field::Value) => Metric::parse(Metric::REVENUE).ok().map(Field::Metric),
                _ => Some(Field::Ignore),
            }
        };
        fields.extend(field.map(|field| (at, field)));
    }
    fields
}

/// Do the values agree with what the header says?
fn check_values(found: &mut [ColumnGuess], looks: &[Look], doubts: &mut Vec<String>) {
    for (guess, look) in found.iter_mut().zip(looks).filter(|(_, look)| look.filled > 0) {
        let (share, what) = match &guess.field {
            field if field.is_time() => (look.times, "times"),
            Field::Email => (look.emails, "e-mail addresses"),
            Field::Phone => (look.phones, "phone numbers"),
            Field::Score | Field::Quantity | Field::Metric(_) | Field::SecondsAfterPost => (look.numbers.max(0.5), "numbers"),
            _ => continue,
        };
        if share < 0.5 {
            guess.confidence *= 0.5;
            doubts.push(format!(
                "`{}` is taken for `{}`, but {:.0}% of its first values do not look like {what}",
                guess.column,
                guess.field,
                (1.0 - share) * 100.0
            ));
        }
    }
}

fn day_first(mapping: &mut Mapping, found: &[ColumnGuess], looks: &[Look], doubts: &mut Vec<String>) {
    let times: Vec<(&ColumnGuess, &Look)> =
        found.iter().zip(looks).filter(|(guess, look)| guess.field.is_time() && look.slashed).collect();
    let day = times.iter().any(|(_, look)| look.day_first);
    let month = times.iter().any(|(_, look)| look.month_first);
    mapping.settings.day_first = day && !month;
    if day && month {
        doubts.push("some dates have the day first and some the month: the latter will be refused or misread".to_owned());
        mapping.settings.day_first = false;
    } else if let (false, false, Some((guess, _))) = (day, month, times.first()) {
        doubts.push(format!("dates in `{}` could have the day or the month first: taken as month first", guess.column));
    }
}

/// What is taken for granted and a person may know better.
fn say_assumptions(mapping: &mut Mapping, found: &[ColumnGuess], tenant: &Tenant, doubts: &mut Vec<String>) {
    if mapping.settings.channel.is_none() && !mapping.has(&Field::Channel) && mapping.kind != ImportKind::Costs {
        let channel = default_channel(mapping.kind);
        doubts.push(format!("the file names no channel: taken as `{channel}`"));
        mapping.settings.channel = Some(channel);
    }
    let has = |field: &Field| found.iter().any(|guess| guess.field == *field);
    let counts = found.iter().any(|guess| matches!(guess.field, Field::Metric(_) | Field::MetricOf(..)));
    let posts = [Field::Post, Field::Text, Field::Title, Field::Url].iter().any(has);
    if mapping.kind == ImportKind::Posts && !posts && counts {
        // Counts of days: the day is what looked like a publication.
        for (_, field) in &mut mapping.columns {
            if *field == Field::PublishedAt {
                *field = Field::CountedAt;
            }
        }
        mapping.settings.daily = true;
    }
    if mapping.kind == ImportKind::Posts && posts && counts && !has(&Field::CountedAt) {
        doubts.push("the file does not say when its counts were taken: say when it was exported".to_owned());
    }
    if found.iter().any(|guess| matches!(guess.field, Field::Consent(_))) && !has(&Field::ConsentAt) {
        doubts.push("consents without a time allow nothing: say when the file was exported".to_owned());
    }
    if found.iter().any(|guess| guess.field.is_money()) && !has(&Field::Currency) {
        doubts.push(format!("amounts without a currency are taken as {}", tenant.currency));
    }
    if mapping.kind == ImportKind::Orders && !has(&Field::Order) {
        doubts.push("there is no order number: one is made of the customer and the time".to_owned());
    }
    if mapping.kind == ImportKind::Touches && !mapping.has(&Field::Kind) {
        doubts.push("no column says what happened: say it with the constant `kind`, such as `comment`".to_owned());
    }
}
