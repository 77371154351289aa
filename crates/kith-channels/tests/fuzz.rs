//! Noise for every parser that reads what strangers wrote: nothing may panic, hang, or read back something else than it wrote.
//!
//! Each target runs for `KITH_FUZZ_SECONDS` (6 unless set; `make fuzz` gives each 600). The noise is made of good examples that are cut,
//! joined, repeated and flipped, because pure noise never gets past the first check. It needs no special compiler, so it runs
//! wherever the tests run; the seed is printed and can be set by `KITH_SEED`.

use std::io::Write;
use std::time::{Duration, Instant as Clock};

use kith_channels::file::{ImportKind, OpenOptions, Plan, PostTimes, Yield, guess, open};
use kith_core::{
    Calendar, Currency, Email, ImportId, Instant, Language, Percent, Phone, Slug, Tenant, TouchId, WhenParser, clean,
    parse_count, parse_decimal, parse_money,
};

/// SplitMix64: a test needs to be repeatable, not unpredictable.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }

    /// A good example, spoiled.
    fn bytes(&mut self, examples: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = examples[self.roll(examples.len())].clone();
        for _ in 0..self.roll(6) {
            let at = self.roll(bytes.len() + 1);
            match self.roll(6) {
                0 => bytes.truncate(at),
                1 if at < bytes.len() => bytes[at] ^= 1 << self.roll(8),
                2 => bytes.insert(at, [0, b'"', b',', b'\n', b'\r', 0xFF, b'{', b'-', b'9'][self.roll(9)]),
                3 => bytes.extend_from_slice(&examples[self.roll(examples.len())]),
                4 => {
                    let piece = bytes[at..(at + self.roll(12)).min(bytes.len())].to_vec();
                    for _ in 0..self.roll(20) {
                        bytes.splice(at..at, piece.iter().copied());
                    }
                }
                _ => {
                    let end = (at + self.roll(9)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        bytes.truncate(200_000);
        bytes
    }
}

/// Calls `target` with noise until the time is up; says how often.
fn noise(name: &str, examples: &[&str], mut target: impl FnMut(&[u8], &mut Dice)) {
    let examples: Vec<Vec<u8>> = examples.iter().map(|text| text.as_bytes().to_vec()).collect();
    noise_of_bytes(name, &examples, &mut target);
}

fn noise_of_bytes(name: &str, examples: &[Vec<u8>], target: &mut dyn FnMut(&[u8], &mut Dice)) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("KITH_SEED").unwrap_or(20_261_121);
    let until = Clock::now() + Duration::from_secs(number("KITH_FUZZ_SECONDS").unwrap_or(6));
    let mut dice = Dice(seed);
    let mut runs = 0_u64;
    while Clock::now() < until {
        let bytes = dice.bytes(examples);
        target(&bytes, &mut dice);
        runs += 1;
    }
    eprintln!("{name}: {runs} inputs, KITH_SEED={seed}");
    assert!(runs > 0);
}

fn tenant() -> Tenant {
    Tenant {
        id: Slug::parse("tea").unwrap(),
        name: "Tea".into(),
        calendar: Calendar::parse("Asia/Shanghai").unwrap(),
        currency: Currency::CNY,
        language: Language::Zh,
        country: "CN".into(),
    }
}

#[test]
fn fuzz_times_and_days() {
    let export = Instant::parse("2026-11-21T09:00:00+08:00").unwrap();
    let parsers = ["Asia/Shanghai", "America/St_Johns", "Pacific/Apia"].map(|zone| {
        let calendar = Calendar::parse(zone).unwrap();
        [WhenParser::new(calendar, Some(export)), WhenParser::new(calendar, None).day_first(true)]
    });
    let examples = [
        "2026-11-01T09:30:00+08:00",
        "2026/1/3 12:30",
        "1月3日",
        "昨天 12:30",
        "5分钟前",
        "1767398400000",
        "46025.52",
        "Tue May 31 17:46:55 +0800 2011",
        "2026年1月3日 下午3:05",
        "03/04/2026 2 PM",
        "2026010309",
    ];
    noise("times and days", &examples, |bytes, _| {
        let text = String::from_utf8_lossy(bytes);
        for parser in parsers.iter().flatten() {
            if let Ok(at) = parser.parse(&text) {
                assert_eq!(parser.parse(&at.to_string()).ok(), Some(at), "{text:?} gave {at}");
            }
            let _ = parser.parse_day(&text);
        }
    });
}

#[test]
fn fuzz_money_and_numbers() {
    let examples =
        ["¥1,234.50", "-12", "1.2万", "(4.00)", "US$3.99", "9.700000000000001", "1.5E+05", "１２．５", "12.5%", "3 000 000"];
    noise("money and numbers", &examples, |bytes, _| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(money) = parse_money(&text, Currency::CNY) {
            assert_eq!(parse_money(&money.to_string(), Currency::CNY).ok(), Some(money), "{text:?}");
        }
        if let Ok(count) = parse_count(&text) {
            assert_eq!(parse_count(&count.to_string()), Ok(count), "{text:?}");
        }
        if let Ok(value) = parse_decimal(&text) {
            assert!(value.is_finite(), "{text:?}");
        }
        let _ = Percent::parse(&text);
    });
}

#[test]
fn fuzz_names_and_addresses() {
    let examples = [
        "13800138000",
        "+86 138-0013-8000",
        "Mei.Lin@Example.COM",
        "春茶-2026",
        "0123456789abcdef0123456789abcdef",
        "cafe\u{301}",
    ];
    noise("names and addresses", &examples, |bytes, _| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(phone) = Phone::parse(&text, "CN") {
            assert_eq!(Phone::parse(phone.as_str(), "DE").ok(), Some(phone), "{text:?}");
        }
        if let Ok(email) = Email::parse(&text) {
            assert_eq!(Email::parse(email.as_str()).ok(), Some(email), "{text:?}");
        }
        let _ = Slug::parse(&text);
        let _ = TouchId::try_from(text.to_string());
        if let Ok(once) = clean(&text, 100_000) {
            assert_eq!(clean(&once, 400_000).ok().as_deref(), Some(once.as_str()), "{text:?}");
        }
    });
}

#[test]
fn fuzz_rows_of_every_kind() {
    let tenant = tenant();
    let examples = [
        "id,time,user,channel,type,amount,text\n1,2026-01-03 10:00,a,weibo,评论,12,好\n",
        "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,联系手机\n=\"1\",小林,88.00,交易成功,2026-01-03 10:00:00,13800138000\n",
        "Name,Email,Created at,Total,Lineitem quantity,Lineitem name\n#1,a@example.org,2026-01-03 09:30:00 +0800,9.90,1,tea\n",
        "日期,阅读数,点赞数,转发数\n2026-01-03,1.2万,30,4\n",
        "DATE,tv_S,facebook_I\n2026-01-05,100.5,20000\n",
    ];
    noise("rows of every kind", &examples, |bytes, dice| {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
        let columns = lines.next().unwrap_or_default();
        let rows: Vec<Vec<String>> = lines.filter(|row| row.len() <= columns.len()).collect();
        let kinds = [None, Some(ImportKind::Touches), Some(ImportKind::Orders), Some(ImportKind::Costs), Some(ImportKind::Posts)];
        let guessed = guess(&columns, &rows, kinds[dice.roll(kinds.len())], &tenant);
        let Ok(plan) = Plan::new(&guessed.mapping, &columns, &tenant, ImportId(1), &PostTimes::default()) else {
            return;
        };
        let (mut reader, mut said) = (plan.reader(), Yield::default());
        let count = rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).count() as u64;
        kith_channels::file::Chunk::cells(2, columns.len(), rows).each(|row| {
            if let Ok(row) = row {
                reader.read(row, &mut said);
            }
        });
        assert_eq!(said.rows, count);
    });
}

#[test]
fn fuzz_whole_files() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all("a,b\n1,2\n".repeat(50).as_bytes()).unwrap();
    let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zipped.start_file("a.csv", zip::write::SimpleFileOptions::default()).unwrap();
    zipped.write_all(b"a,b\n1,2\n").unwrap();
    let examples = vec![
        "时间,用户\n\"2026-01-03\",\"a\nb\"\n".repeat(9).into_bytes(),
        "{\"a\": 1, \"b\": {\"c\": \"x\"}}\n".repeat(9).into_bytes(),
        b"[{\"a\": 1}, {\"a\": 2}]".to_vec(),
        "a;b\r\n1;2\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        encoding_rs::GB18030.encode("姓名\t金额\n小林\t12\n").0.into_owned(),
        gz.finish().unwrap(),
        zipped.finish().unwrap().into_inner(),
        zstd::encode_all(&b"a,b\n1,2\n"[..], 1).unwrap(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise");
    noise_of_bytes("whole files", &examples, &mut |bytes, dice| {
        std::fs::write(&path, bytes).unwrap();
        let options = OpenOptions { chunk_bytes: 1 + dice.roll(300), ..OpenOptions::default() };
        let Ok(tables) = open(&path, &options) else {
            return;
        };
        for mut table in tables {
            let mut last = 0;
            while let Ok(Some(chunk)) = table.next_chunk() {
                chunk.each(|row| {
                    let number = row.as_ref().map_or_else(|misfit| misfit.refusal.row, |row| row.number);
                    assert!(number > last, "rows are counted upwards");
                    last = number;
                });
            }
        }
    });
}
