//! The written parts of a time: year, month, day, clock, offset; in Chinese, English or digits.

use super::Fault;

/// A date and a clock as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) year: Option<i32>,
    pub(super) month: u32,
    pub(super) day: u32,
    /// Microseconds since midnight.
    pub(super) micros: i64,
    /// Seconds east of UTC.
    pub(super) offset: Option<i32>,
}

/// What is left to read. Every `eat` either takes something or changes nothing.
#[derive(Debug, Clone)]
pub(super) struct Scan<'a> {
    rest: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    Night,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTHS_WHOLE: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const WEEKDAYS: [&str; 14] = [
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const HALVES: [(&str, Half); 9] = [
    ("上午", Half::Morning),
    ("凌晨", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("清晨", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("晚上", Half::Night),
];

/// Full-width forms become their narrow twins, odd spaces plain ones.
pub(super) const fn narrow(c: char) -> char {
    match c {
        '０'..='９' => (b'0' + (c as u32 - '０' as u32) as u8) as char,
        '：' => ':',
        '／' => '/',
        '－' | '−' | '–' => '-',
        '．' => '.',
        '，' => ',',
        '（' => '(',
        '）' => ')',
        '\u{a0}' | '\u{202f}' | '\u{3000}' | '\u{2009}' | '\t' => ' ',
        other => other,
    }
}

impl Stamp {
    /// Reads a whole text, or says what is wrong with it.
    pub(super) fn read(text: &str, day_first: bool) -> Result<Self, Fault> {
        let mut scan = Scan::new(text);
        scan.weekday();
        let (year, month, day) = scan.date(day_first)?;
        let mut stamp = Self { year, month, day, micros: 0, offset: None };
        scan.weekday();
        scan.eat_mark(",");
        if !scan.rest.starts_with(' ') {
            scan.eat_letter('t');
        }
        if let Some(micros) = scan.clock()? {
            stamp.micros = micros;
            stamp.offset = scan.offset()?;
        }
        if stamp.year.is_none() {
            // Weibo and C write the year last.
            stamp.year = scan.year_at_end();
        }
        scan.comment();
        if scan.is_done() { Ok(stamp) } else { Err(Fault::NotATime) }
    }

    /// `20260103`, `2026010309`, `202601030930`, `20260103093000`.
    pub(super) fn packed(digits: &str) -> Option<Self> {
        let part = |from: usize, until: usize| digits.get(from..until).and_then(|part| part.parse::<u32>().ok());
        let (hour, minute, second) = (part(8, 10).unwrap_or(0), part(10, 12).unwrap_or(0), part(12, 14).unwrap_or(0));
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        super::zone::day_number(year, month, day)?;
        let micros = clock_micros(hour, minute, second, 0).ok()?;
        Some(Self { year: i32::try_from(year).ok(), month, day, micros, offset: None })
    }
}

impl<'a> Scan<'a> {
    pub(super) const fn new(rest: &'a str) -> Self {
        Self { rest }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.trim().is_empty()
    }

    /// The date: (year if written, month, day).
    fn date(&mut self, day_first: bool) -> Result<(Option<i32>, u32, u32), Fault> {
        if let Some(month) = self.month_word() {
            self.eat_mark(".");
            let (day, _) = self.number().ok_or(Fault::NotATime)?;
            // `May 31, 2026`, but in `May 31 17:46` the 17 is an hour.
            let before = self.clone();
            self.eat_mark(",");
            let year = match self.number() {
                Some((year, 4)) if !self.rest.starts_with(':') => Some(year as i32),
                _ => {
                    *self = before;
                    None
                }
            };
            return Ok((year, month, day));
        }
        let (first, digits) = self.number().ok_or(Fault::NotATime)?;
        if self.eat_mark("年") {
            let (month, _) = self.number().ok_or(Fault::NotATime)?;
            if !self.eat_mark("月") {
                return Err(Fault::NotATime);
            }
            let year = if digits == 2 { 2000 + first } else { first };
            return Ok((Some(year as i32), month, self.chinese_day()?));
        }
        if self.eat_mark("月") {
            return Ok((None, first, self.chinese_day()?));
        }
        if digits == 8 {
            return Ok((Some((first / 10_000) as i32), first / 100 % 100, first % 100));
        }
        let before = self.clone();
        self.eat_mark("-");
        if let Some(month) = self.month_word() {
            self.eat_mark("-");
            self.eat_mark(",");
            return match self.number() {
                Some((year, 4)) => Ok((Some(year as i32), month, first)),
                Some((year, 2)) => Ok((Some(2000 + year as i32), month, first)),
                _ => Err(Fault::NotATime),
            };
        }
        *self = before;
        self.separated(first, digits, day_first)
    }

    /// Numbers with `-`, `/` or `.` between them; the first has been read.
    fn separated(&mut self, first: u32, digits: usize, day_first: bool) -> Result<(Option<i32>, u32, u32), Fault> {
        let mark = ["-", "/", "."].into_iter().find(|mark| self.rest.starts_with(mark)).ok_or(Fault::NotATime)?;
        self.rest = &self.rest[1..];
        let (second, _) = self.digits().ok_or(Fault::NotATime)?;
        if !self.rest.starts_with(mark) {
            let (month, day) = if mark == "/" && day_first { (second, first) } else { (first, second) };
            return if digits > 2 || mark == "." { Err(Fault::NotATime) } else { Ok((None, month, day)) };
        }
        self.rest = &self.rest[1..];
        let (third, last) = self.digits().ok_or(Fault::NotATime)?;
        if digits == 4 {
            return if last > 2 { Err(Fault::NotATime) } else { Ok((Some(first as i32), second, third)) };
        }
        let year = match last {
            4 => third as i32,
            // With two digits `25/12/26` may begin with its year, and `-` most often does.
            2 if mark == "-" || first > 12 && !day_first && mark == "/" => return Err(Fault::Ambiguous),
            2 => 2000 + third as i32,
            _ => return Err(Fault::NotATime),
        };
        let by_day = match (first > 12, second > 12) {
            (true, false) => true,
            (false, true) => false,
            _ => day_first || mark == ".",
        };
        Ok(if by_day { (Some(year), second, first) } else { (Some(year), first, second) })
    }

    fn chinese_day(&mut self) -> Result<u32, Fault> {
        let (day, _) = self.number().ok_or(Fault::NotATime)?;
        if self.eat_mark("日") || self.eat_mark("号") { Ok(day) } else { Err(Fault::NotATime) }
    }

    /// A clock in microseconds since midnight, or midnight if there is none.
    pub(super) fn clock_or_midnight(&mut self) -> Result<i64, Fault> {
        Ok(self.clock()?.unwrap_or(0))
    }

    fn clock(&mut self) -> Result<Option<i64>, Fault> {
        let before_half = self.half_before();
        let start = self.clone();
        let Some((first, digits)) = self.number() else {
            return if before_half.is_some() { Err(Fault::NotATime) } else { Ok(None) };
        };
        let (mut hour, mut minute, mut second, mut fraction, mut plain) = (first, 0, 0, 0, false);
        if self.rest.starts_with(':') {
            self.rest = &self.rest[1..];
            minute = self.digits().ok_or(Fault::NotATime)?.0;
            if let Some(rest) = self.rest.strip_prefix(':') {
                self.rest = rest;
                second = self.digits().ok_or(Fault::NotATime)?.0;
                fraction = self.fraction()?;
            }
        } else if self.eat_mark("点") || self.eat_mark("时") {
            if self.eat_mark("半") {
                minute = 30;
            } else if let Some((value, _)) = self.number() {
                minute = value;
                if self.eat_mark("分")
                    && let Some((value, _)) = self.number()
                {
                    second = value;
                    if !self.eat_mark("秒") {
                        return Err(Fault::NotATime);
                    }
                }
            }
        } else if digits == 6 || digits == 4 {
            // `20260103 093000`; but four digits may be a year at the end, which `year_at_end` would have to see.
            let packed = if digits == 4 { first * 100 } else { first };
            (hour, minute, second) = (packed / 10_000, packed / 100 % 100, packed % 100);
            fraction = self.fraction()?;
        } else {
            plain = true;
        }
        let half = before_half.or_else(|| self.half_after());
        match half {
            Some(half) => hour = half.hour(hour)?,
            // A number alone is no clock.
            None if plain => {
                *self = start;
                return Err(Fault::NotATime);
            }
            None => {}
        }
        clock_micros(hour, minute, second, fraction).map(Some)
    }

    /// `.123456`: microseconds; digits beyond the sixth are dropped.
    fn fraction(&mut self) -> Result<i64, Fault> {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else { return Ok(0) };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 12 {
            return Err(Fault::NotATime);
        }
        let micros = format!("{:0<6}", &rest[..digits.min(6)]).parse().map_err(|_| Fault::NotATime)?;
        self.rest = &rest[digits..];
        Ok(micros)
    }

    /// `Z`, `UTC`, `GMT`, `+08:00`, `+0800`, `+08`, `UTC+8`. Names such as CST mean four zones and are not read.
    fn offset(&mut self) -> Result<Option<i32>, Fault> {
        let named = ["utc", "gmt", "z", "ut"].into_iter().any(|name| self.eat_word(name));
        let before = self.clone();
        self.spaces();
        let east = match self.rest.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => {
                *self = before;
                return Ok(named.then_some(0));
            }
        };
        self.rest = &self.rest[1..];
        let (value, digits) = self.digits().ok_or(Fault::NotATime)?;
        let (hours, minutes) = match digits {
            4 => (value / 100, value % 100),
            1 | 2 => match self.rest.strip_prefix(':') {
                Some(rest) => {
                    self.rest = rest;
                    (value, self.digits().filter(|(_, digits)| *digits == 2).ok_or(Fault::NotATime)?.0)
                }
                None => (value, 0),
            },
            _ => return Err(Fault::NotATime),
        };
        if hours > 15 || minutes > 59 {
            return Err(Fault::NoSuchTime);
        }
        Ok(Some(east * (hours * 3600 + minutes * 60) as i32))
    }

    fn year_at_end(&mut self) -> Option<i32> {
        let before = self.clone();
        match self.number() {
            Some((year, 4)) => Some(year as i32),
            _ => {
                *self = before;
                None
            }
        }
    }

    /// A remark in brackets: `(CST)`, `(中国标准时间)`.
    fn comment(&mut self) {
        let rest = self.rest.trim_start();
        if rest.starts_with('(') && rest.ends_with(')') && rest.matches(['(', ')']).count() == 2 {
            self.rest = "";
        }
    }

    /// `Tue,`, `星期六`, `(周六)`.
    fn weekday(&mut self) {
        let before = self.clone();
        self.spaces();
        let bracket = self.eat_mark("(");
        let word = self.word();
        let known = WEEKDAYS.iter().any(|day| word.eq_ignore_ascii_case(day));
        if known {
            self.rest = &self.rest[word.len()..];
        } else {
            let name = ["星期", "周", "礼拜"].into_iter().find_map(|name| self.rest.strip_prefix(name));
            let Some(rest) = name.and_then(|rest| rest.strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天']))
            else {
                *self = before;
                return;
            };
            self.rest = rest;
        }
        if bracket {
            self.eat_mark(")");
        }
        self.eat_mark(".");
        self.eat_mark(",");
    }

    fn month_word(&mut self) -> Option<u32> {
        self.spaces();
        let word = self.word();
        let place = (0..12).find(|&i| word.eq_ignore_ascii_case(MONTHS[i]) || word.eq_ignore_ascii_case(MONTHS_WHOLE[i]));
        let place = place.or_else(|| word.eq_ignore_ascii_case("sept").then_some(8))?;
        self.rest = &self.rest[word.len()..];
        Some(place as u32 + 1)
    }

    fn half_before(&mut self) -> Option<Half> {
        self.spaces();
        let (rest, half) = HALVES.into_iter().find_map(|(word, half)| Some((self.rest.strip_prefix(word)?, half)))?;
        self.rest = rest;
        Some(half)
    }

    fn half_after(&mut self) -> Option<Half> {
        let before = self.clone();
        if let Some(half) = self.half_before() {
            return Some(half);
        }
        *self = before;
        [("am", Half::Morning), ("pm", Half::Afternoon)].into_iter().find_map(|(word, half)| self.eat_word(word).then_some(half))
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn word(&self) -> &'a str {
        let end = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        &self.rest[..end]
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start_matches(' ');
        let found = Scan::new(rest).word();
        let same = found.eq_ignore_ascii_case(word);
        if same {
            self.rest = &rest[found.len()..];
        }
        same
    }

    /// A letter right before a digit: the `T` of ISO 8601.
    fn eat_letter(&mut self, letter: char) -> bool {
        let mut chars = self.rest.chars();
        let found =
            chars.next().is_some_and(|c| c.eq_ignore_ascii_case(&letter)) && chars.next().is_some_and(|c| c.is_ascii_digit());
        if found {
            self.rest = &self.rest[letter.len_utf8()..];
        }
        found
    }

    /// A mark, with spaces before it.
    fn eat_mark(&mut self, mark: &str) -> bool {
        match self.rest.trim_start_matches(' ').strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn number(&mut self) -> Option<(u32, usize)> {
        let before = self.clone();
        self.spaces();
        let found = self.digits();
        if found.is_none() {
            *self = before;
        }
        found
    }

    /// A number of at most eight digits, and how many it has.
    fn digits(&mut self) -> Option<(u32, usize)> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = (1..=8).contains(&count).then(|| self.rest[..count].parse().ok()).flatten()?;
        self.rest = &self.rest[count..];
        Some((value, count))
    }
}

impl Half {
    /// The hour of 24 that an hour of this half is. People also write `下午14:00`. `晚上12点` may be either midnight.
    const fn hour(self, hour: u32) -> Result<u32, Fault> {
        match (self, hour) {
            (Self::Morning, 12) => Ok(0),
            (Self::Morning, 0..=11) | (Self::Noon, 11..=12) | (Self::Afternoon | Self::Night, 13..=23) => Ok(hour),
            (Self::Noon, 1..=2) | (Self::Afternoon, 1..=11) | (Self::Night, 5..=11) => Ok(hour + 12),
            (Self::Afternoon, 12) => Ok(12),
            (Self::Night, _) => Err(Fault::Ambiguous),
            _ => Err(Fault::NoSuchTime),
        }
    }
}

/// Midnight at the end of the day may be 24:00; a leap second is the first of the next minute.
const fn clock_micros(hour: u32, minute: u32, second: u32, fraction: i64) -> Result<i64, Fault> {
    let end_of_day = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if !end_of_day && (hour > 23 || minute > 59 || second > 60) {
        return Err(Fault::NoSuchTime);
    }
    Ok((hour * 3600 + minute * 60 + second) as i64 * 1_000_000 + fraction)
}
