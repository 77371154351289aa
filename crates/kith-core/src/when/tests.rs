use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 7] = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

fn shanghai() -> WhenParser {
    let export = Instant::parse("2026-01-05T10:00:00+08:00").unwrap();
    WhenParser::new(Calendar::parse("Asia/Shanghai").unwrap(), Some(export))
}

fn read(text: &str) -> String {
    let parser = shanghai();
    match parser.parse(text) {
        Ok(at) => parser.offsets.calendar().local(at).format("%Y-%m-%d %H:%M:%S%.f").to_string(),
        Err(error) => format!("{error:?}"),
    }
}

fn all_read_as(want: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(read(text), want, "{text}");
    }
}

#[test]
fn digits_with_marks_are_read_in_every_common_order() {
    all_read_as(
        "2026-01-03 09:30:00",
        &[
            "2026-01-03 09:30:00",
            "2026-01-03T09:30:00",
            "2026-01-03T01:30:00Z",
            "2026-01-03T09:30:00+08:00",
            "2026-01-03 09:30:00 +0800",
            "2026-01-03 09:30",
            "2026-1-3 9:30",
            "2026/1/3 9:30",
            "2026.01.03 09:30:00",
            "20260103 093000",
            "20260103T093000",
            "20260103093000",
            "202601030930",
            "2026-01-03T09:30+08",
            "2026-01-02T20:30:00-05:00",
            "2026-01-03 09:30:00.000000",
            "２０２６－０１－０３ ０９：３０",
            "01/03/2026 09:30",
            "1/3/26 9:30 AM",
            "2026-01-03 01:30:00 UTC",
            "2026-01-03T09:30:00.0000000+08:00",
            "2026-01-03 09:30:00 UTC+8",
        ],
    );
    all_read_as(
        "2026-01-03 00:00:00",
        &["2026-01-03", "2026/1/3", "2026.01.03", "20260103", "2026年1月3日", "3-Jan-2026", "3.1.2026"],
    );
    all_read_as("2026-01-03 09:00:00", &["2026010309"]);
    all_read_as("2026-01-03 09:30:00.123", &["2026-01-03 09:30:00.123", "2026-01-03T01:30:00.123Z", "2026-1-3 09:30:00,123"]);
}

#[test]
fn chinese_dates_and_clocks_are_read() {
    all_read_as(
        "2026-01-03 12:30:00",
        &[
            "2026年1月3日 12:30",
            "2026年01月03日12时30分",
            "2026年1月3日 中午12:30",
            "2026年1月3日 星期六 12点半",
            "26年1月3号12:30:00",
        ],
    );
    all_read_as(
        "2026-01-03 14:05:09",
        &["2026年1月3日 下午2:05:09", "2026/1/3 下午 14:05:09", "2026-01-03 02:05:09 PM", "2026年1月3日 下午2点5分9秒"],
    );
    all_read_as("2026-01-03 21:00:00", &["2026年1月3日 晚上9:00", "2026-01-03 9 pm", "2026-01-03 晚上9点"]);
    all_read_as("2026-01-03 00:10:00", &["2026/1/3 上午12:10", "2026-01-03 12:10 AM", "2026-01-03 凌晨0:10"]);
    assert!(matches!(shanghai().parse("2026年1月3日 晚上12:30"), Err(WhenError::Ambiguous(_))));
}

#[test]
fn a_date_without_a_year_is_the_latest_that_is_not_after_the_export() {
    all_read_as("2026-01-03 12:30:00", &["1月3日 12:30", "01-03 12:30", "1/3 12:30"]);
    all_read_as("2025-01-06 12:30:00", &["1月6日 12:30", "01-06 12:30"]);
    all_read_as("2025-01-05 12:30:00", &["1月5日 12:30"]);
    all_read_as("2026-01-05 00:00:00", &["1月5日"]);
    all_read_as("2024-02-29 08:00:00", &["2月29日 08:00"]);
    assert!(read("2月30日").starts_with("NoSuchTime"));
}

#[test]
fn what_counts_from_now_counts_from_the_export() {
    all_read_as("2026-01-04 12:30:00", &["昨天 12:30", "昨天12:30", "yesterday 12:30", "Yesterday 12:30 PM", "昨天 中午12:30"]);
    all_read_as("2026-01-05 08:00:00", &["今天 08:00", "today 8:00"]);
    all_read_as("2026-01-03 23:01:00", &["前天 23:01"]);
    all_read_as("2026-01-05 10:00:00", &["刚刚", "just now"]);
    all_read_as("2026-01-05 09:55:00", &["5分钟前", "5 minutes ago", "5 mins ago"]);
    all_read_as("2026-01-05 07:00:00", &["3小时前", "3个小时前", "3 hours ago"]);
    all_read_as("2026-01-03 10:00:00", &["2天前", "2 days ago"]);
    all_read_as("2026-01-03 12:30:00", &["2天前 12:30"]);
    all_read_as("2026-01-05 09:00:00", &["an hour ago"]);
}

#[test]
fn without_the_time_of_the_export_nothing_is_guessed() {
    let parser = WhenParser::new(Calendar::parse("Asia/Shanghai").unwrap(), None);
    for text in ["昨天 12:30", "刚刚", "5分钟前", "1月3日", "01-03 12:30", "yesterday 12:30", "2天前"] {
        let error = parser.parse(text).unwrap_err();
        assert_eq!(error, WhenError::NoExportTime(text.into()));
        assert!(error.to_string().contains("state it"), "{error}");
    }
}

#[test]
fn epochs_are_told_apart_by_their_length() {
    all_read_as("2026-01-03 09:30:00", &["1767403800", "1767403800000", "1767403800000000", "1767403800.0"]);
    assert_eq!(read("1767403800.25"), "2026-01-03 09:30:00.250");
}

#[test]
fn days_of_a_spreadsheet_are_wall_clock() {
    // LibreOffice Calc shows 46025 as 2026-01-03.
    all_read_as("2026-01-03 00:00:00", &["46025", "46025.0"]);
    all_read_as("2026-01-03 12:28:48", &["46025.52"]);
    all_read_as("2026-01-03 12:30:00", &["46025.5208333333"]);
    for text in ["19999", "80001", "99999", "12.5", "7", "2026", "123456789", "99999999999999999999"] {
        assert!(read(text).starts_with("NotATime"), "{text}");
    }
}

#[test]
fn months_in_words_are_read() {
    all_read_as(
        "2011-05-31 17:46:55",
        &[
            "Tue May 31 17:46:55 +0800 2011",
            "Tue, 31 May 2011 17:46:55 +0800",
            "31 May 2011 09:46:55 GMT",
            "May 31, 2011 5:46:55 PM",
            "Tue, 31 May 2011 17:46:55 +0800 (CST)",
        ],
    );
    all_read_as(
        "2026-01-03 14:00:00",
        &["Jan 3, 2026, 2:00 PM", "January 3 2026 14:00", "3 January 2026 14:00", "Sat Jan 03 14:00:00 2026"],
    );
    // China, Cuba and Chicago all call their time CST.
    assert!(read("Tue May 31 17:46:55 CST 2011").starts_with("NotATime"));
}

#[test]
fn month_first_unless_told_otherwise() {
    all_read_as("2026-03-04 14:00:00", &["03/04/2026 14:00", "3/4/26 14:00", "03-04-2026 14:00"]);
    all_read_as("2026-12-25 00:00:00", &["25/12/2026", "12/25/2026", "25.12.2026"]);
    let day_first = shanghai().day_first(true);
    assert_eq!(day_first.parse_day("03/04/2026 14:00").unwrap().to_string(), "2026-04-03");
    assert_eq!(day_first.parse_day("12/25/2026").unwrap().to_string(), "2026-12-25");
    assert_eq!(day_first.parse_day("25/12/26").unwrap().to_string(), "2026-12-25");
    for text in ["25/12/26", "26-01-03"] {
        assert!(matches!(shanghai().parse(text), Err(WhenError::Ambiguous(_))), "{text}");
    }
}

#[test]
fn what_does_not_exist_is_refused() {
    for text in [
        "2026-02-30",
        "2026-02-30 10:00:00",
        "2026-01-03 25:00",
        "2026-13-01",
        "20261301",
        "2026-01-03 10:61",
        "2026-01-03T10:00:00+19:00",
    ] {
        assert!(read(text).starts_with("NoSuchTime"), "{text}: {}", read(text));
    }
    for text in [
        "",
        "  ",
        "-",
        "soon",
        "2026",
        "2026-01",
        "12:30",
        "2026-01-03x",
        "2026-01-03 10",
        "2026-01-03 10:",
        "月日",
        "2026-01-03 5 6",
        "T10:00",
        "1.2.3.4",
        "3天",
        "NaN",
        "2026-01-03-04",
        "2026-01-03 10:00 10:00",
    ] {
        let error = read(text);
        assert!(error.starts_with("NotATime") || error == "Empty", "{text}: {error}");
    }
    assert!(read("0001-01-03 10:00:00").starts_with("OutOfRange"));
    assert!(read("99999999999999").starts_with("NoSuchTime"));
}

#[test]
fn the_end_of_a_day_may_be_24_o_clock() {
    all_read_as("2026-01-04 00:00:00", &["2026-01-03 24:00", "2026-01-03T24:00:00"]);
}

#[test]
fn a_parser_moves_to_another_thread() {
    let parser = shanghai();
    let at = std::thread::spawn(move || parser.clone().parse("2026-01-03 09:30:00")).join().unwrap();
    assert!(at.is_ok());
}

fn zone() -> impl Strategy<Value = Calendar> {
    proptest::sample::select(ZONES.to_vec()).prop_map(|name| Calendar::parse(name).unwrap())
}

proptest! {
    #[test]
    fn an_instant_with_its_offset_survives_every_notation(seconds in -2_000_000_000_i64..7_000_000_000, calendar in zone()) {
        let at = Instant::from_seconds(seconds).unwrap();
        let parser = WhenParser::new(calendar, None);
        let local = at.datetime().with_timezone(&calendar.zone());
        let utc: DateTime<Utc> = at.datetime();
        let texts = [
            utc.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            utc.format("%a, %d %b %Y %H:%M:%S +0000").to_string(),
            utc.format("%a %b %d %H:%M:%S +0000 %Y").to_string(),
            utc.format("%B %-d, %Y %-I:%M:%S %p UTC").to_string(),
            utc.format("%Y年%-m月%-d日 %-H:%M:%S Z").to_string(),
        ];
        for text in &texts {
            prop_assert_eq!(parser.parse(text), Ok(at), "{}", text);
        }
        // Offsets before the zones were laid down had seconds, which no notation has.
        if seconds > 0 {
            for text in [local.format("%Y-%m-%d %H:%M:%S %z").to_string(), local.to_rfc3339()] {
                prop_assert_eq!(parser.parse(&text), Ok(at), "{}", text);
            }
        }
        if (1_000_000_000..7_000_000_000).contains(&seconds) {
            prop_assert_eq!(parser.parse(&format!("{seconds}000")), Ok(at));
            prop_assert_eq!(parser.parse(&format!("{seconds}000000")), Ok(at));
        }
    }

    #[test]
    fn wall_clocks_are_read_as_the_calendar_reads_them(seconds in -2_000_000_000_i64..7_000_000_000, calendar in zone()) {
        let wall = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
        let parser = WhenParser::new(calendar, None);
        let want = calendar.instant(wall);
        for format in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.000", "%Y/%-m/%-d %-H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%m/%d/%Y %I:%M:%S %p"] {
            let text = wall.format(format).to_string();
            prop_assert_eq!(parser.parse(&text), Ok(want), "{}", text);
        }
    }

    #[test]
    fn wall_clocks_around_the_change_of_clocks_agree(minutes in -3000_i64..3000, change in proptest::sample::select(vec![1_774_746_000_i64, 1_792_890_000, 1_541_300_400, 1_325_239_200]), calendar in zone()) {
        let wall = DateTime::from_timestamp(change + minutes * 60, 0).unwrap().naive_utc();
        let parser = WhenParser::new(calendar, None);
        prop_assert_eq!(parser.parse(&wall.format("%Y-%m-%d %H:%M:%S").to_string()), Ok(calendar.instant(wall)));
    }

    #[test]
    fn no_text_breaks_the_parser(text in ".*") {
        let _ = shanghai().parse(&text);
        let _ = shanghai().parse_day(&text);
    }

    #[test]
    fn nothing_near_a_time_breaks_the_parser(text in "[-0-9年月日时点分秒半前天昨上下午TZ:/. +,APMago()周一]{0,40}") {
        let _ = shanghai().parse(&text);
        let _ = shanghai().day_first(true).parse(&text);
    }
}

#[test]
fn an_offset_is_taken_off_on_the_short_way_as_on_the_long_one() {
    let parser = WhenParser::new(Calendar::parse("Asia/Shanghai").unwrap(), None);
    for (text, want) in [
        ("2026-03-01T10:00:00+08:00", "2026-03-01T02:00:00Z"),
        ("2026-03-01 10:00:00.25-03:30", "2026-03-01T13:30:00.25Z"),
        ("2026-01-01T00:00:00+14:00", "2025-12-31T10:00:00Z"),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
    ] {
        assert_eq!(parser.parse(text).unwrap(), Instant::parse(want).unwrap(), "{text}");
    }
    for text in ["2026-03-01T10:00:00+08:60", "2026-03-01T10:00:00+99:00"] {
        assert!(parser.parse(text).is_err(), "{text}");
    }
}
