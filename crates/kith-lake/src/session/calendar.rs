//! `day_of`, `week_of`, `month_of`: days of the tenant's calendar from instants, across daylight saving, fast.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, Date32Array};
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use chrono::Offset;
use chrono::TimeZone;
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use kith_core::{Calendar, Instant};

use crate::schema::instant_type;

const DAY: i64 = 86_400;

/// The offsets of a zone from UTC over the years that an [`Instant`] can have.
#[derive(Debug)]
pub(crate) struct Offsets {
    /// From which second on which offset holds, in seconds; the first one holds before as well.
    changes: Vec<(i64, i64)>,
}

impl Offsets {
    pub(crate) fn of(calendar: Calendar) -> Self {
        let offset = |second: i64| {
            let at = chrono::DateTime::from_timestamp(second, 0).unwrap_or_default().naive_utc();
            i64::from(calendar.zone().offset_from_utc_datetime(&at).fix().local_minus_utc())
        };
        let first = Instant::EARLIEST.micros() / 1_000_000;
        let last = Instant::LATEST.micros() / 1_000_000;
        let mut changes = vec![(first, offset(first))];
        let mut before = first;
        // No zone has ever changed twice within half a day and come back.
        while before < last {
            let after = before + DAY / 2;
            let (old, new) = (offset(before), offset(after));
            if old != new {
                let (mut low, mut high) = (before, after);
                while high - low > 1 {
                    let middle = low.midpoint(high);
                    if offset(middle) == old { low = middle } else { high = middle }
                }
                changes.push((high, new));
            }
            before = after;
        }
        Self { changes }
    }

    /// The range of seconds around one of them in which one offset holds: from (inside), until (outside), offset.
    fn around(&self, second: i64) -> (i64, i64, i64) {
        let after = self.changes.partition_point(|(from, _)| *from <= second).max(1);
        let from = if after == 1 { i64::MIN } else { self.changes[after - 1].0 };
        (from, self.changes.get(after).map_or(i64::MAX, |(from, _)| *from), self.changes[after - 1].1)
    }
}

/// Offsets by zone: found once, then shared by all sessions of a lake.
#[derive(Default)]
pub(crate) struct Clock(Mutex<HashMap<&'static str, Arc<Offsets>>>);

impl Clock {
    pub(crate) fn offsets(&self, calendar: Calendar) -> Arc<Offsets> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(calendar.name()).or_insert_with(|| Arc::new(Offsets::of(calendar))))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Day,
    Week,
    Month,
}

impl Part {
    /// The first day, counted from 1970, of the part in which a day lies.
    const fn first(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday.
            Self::Week => day - (day + 3).rem_euclid(7),
            Self::Month => day - day_of_month(day) + 1,
        }
    }
}

/// The day of the month (1 to 31) of a day counted from 1970: Howard Hinnant, "chrono-compatible low-level date algorithms".
const fn day_of_month(day: i32) -> i32 {
    let day = day + 719_468;
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    of_year - (153 * month + 2) / 5 + 1
}

/// One of the three functions.
#[derive(Debug)]
pub(crate) struct CutInto {
    part: Part,
    offsets: Arc<Offsets>,
    signature: Signature,
}

impl CutInto {
    pub(crate) fn new(part: Part, offsets: Arc<Offsets>) -> Self {
        Self { part, offsets, signature: Signature::exact(vec![instant_type()], Volatility::Immutable) }
    }

    fn cut(&self, array: &ArrayRef) -> Result<Date32Array, DataFusionError> {
        let Some(times) = array.as_primitive_opt::<TimestampMicrosecondType>() else {
            return Err(DataFusionError::Plan(format!("{} takes one time", self.name())));
        };
        let (mut from, mut until, mut offset) = self.offsets.around(0);
        let days = times.values().iter().map(|micros| {
            let second = micros.div_euclid(1_000_000);
            if second < from || second >= until {
                (from, until, offset) = self.offsets.around(second);
            }
            // Instants lie between 1900 and 2200: their days fit.
            self.part.first((second + offset).div_euclid(DAY) as i32)
        });
        Ok(Date32Array::new(days.collect(), times.nulls().cloned()))
    }
}

impl PartialEq for CutInto {
    fn eq(&self, other: &Self) -> bool {
        self.part == other.part && Arc::ptr_eq(&self.offsets, &other.offsets)
    }
}

impl Eq for CutInto {}

impl Hash for CutInto {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.part, Arc::as_ptr(&self.offsets)).hash(state);
    }
}

impl ScalarUDFImpl for CutInto {
    fn name(&self) -> &'static str {
        match self.part {
            Part::Day => "day_of",
            Part::Week => "week_of",
            Part::Month => "month_of",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Date32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        match args.args.first() {
            Some(ColumnarValue::Array(array)) => Ok(ColumnarValue::Array(Arc::new(self.cut(array)?))),
            Some(ColumnarValue::Scalar(scalar)) => {
                let one: ArrayRef = Arc::new(self.cut(&scalar.to_array()?)?);
                ScalarValue::try_from_array(&one, 0).map(ColumnarValue::Scalar)
            }
            None => Err(DataFusionError::Plan(format!("{} takes one time", self.name()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::TimestampMicrosecondArray;
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;

    fn days(date: NaiveDate) -> i32 {
        (date - NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()).num_days() as i32
    }

    proptest! {
        #[test]
        fn days_weeks_and_months_are_those_of_the_calendar(
            micros in Instant::EARLIEST.micros()..=Instant::LATEST.micros(),
            zone in proptest::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Cairo", "UTC"]),
        ) {
            let calendar = Calendar::parse(zone).unwrap();
            let clock = Clock::default();
            let array: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![micros, 0]).with_timezone("UTC"));
            let day = calendar.day(Instant::from_micros(micros).unwrap());
            let cut = |part| CutInto::new(part, clock.offsets(calendar)).cut(&array).unwrap().value(0);
            prop_assert_eq!(cut(Part::Day), days(day.0));
            prop_assert_eq!(cut(Part::Week), days(day.week().0));
            prop_assert_eq!(cut(Part::Month), days(day.0.with_day(1).unwrap()));
        }
    }

    #[test]
    fn the_second_before_the_clocks_change_lies_on_the_old_side() {
        let berlin = Offsets::of(Calendar::parse("Europe/Berlin").unwrap());
        // Summer time began on 2026-03-29 at 01:00 UTC (IANA tz database).
        let change = Instant::parse("2026-03-29T01:00:00Z").unwrap().micros() / 1_000_000;
        assert_eq!(berlin.around(change - 1).2, 3_600);
        assert_eq!(berlin.around(change).2, 7_200);
    }
}
