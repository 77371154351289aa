//! Stories of whole files: written in some way, opened, read back.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

type Cells = Vec<Vec<String>>;

/// Rows with their numbers.
type Rows = Vec<(u64, Vec<String>)>;

/// Every row that is read, and the reasons of those refused.
fn drain(table: &mut Table) -> Result<(Rows, Vec<kith_core::Refusal>), FileError> {
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    let width = table.columns.len();
    while let Some(chunk) = table.next_chunk()? {
        chunk.each(|row| match row {
            Ok(row) => rows.push((row.number, (0..width).map(|i| row.cell(i).to_owned()).collect())),
            Err(misfit) => refused.push(misfit.refusal),
        });
    }
    Ok((rows, refused))
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// The tables of a file of these bytes; the folder must live as long as they are read.
fn open_bytes(bytes: &[u8]) -> Result<(Folder, Vec<Table>), FileError> {
    let folder = Folder::new();
    let tables = open(&folder.put("file.csv", bytes), &OpenOptions::default())?;
    Ok((folder, tables))
}

fn one(bytes: &[u8]) -> (Table, Rows, Vec<kith_core::Refusal>) {
    let (_folder, mut tables) = open_bytes(bytes).unwrap();
    let mut table = tables.remove(0);
    let (rows, refused) = drain(&mut table).unwrap();
    (table, rows, refused)
}

fn cells(rows: &[(u64, Vec<String>)]) -> Cells {
    rows.iter().map(|(_, cells)| cells.clone()).collect()
}

fn fault(bytes: &[u8]) -> FileError {
    match open_bytes(bytes) {
        Err(error) => error,
        Ok((_folder, mut tables)) => drain(&mut tables[0]).unwrap_err(),
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one sheet of the given cells (XML).
fn workbook(sheet_data: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"订单\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"empty\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"
    );
    let parts = format!(
        "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"rId3\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
    );
    let sheet = |data: &str| format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>");
    let (first, second) = (sheet(sheet_data), sheet(""));
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relations.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", parts.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", first.as_bytes()),
        ("xl/worksheets/sheet2.xml", second.as_bytes()),
    ])
}

fn text_cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

const TEA: &str = "订单号,买家,备注\n1,茶客,\"好茶,\n再来\"\n2,李雷,=1+1\n";

#[test]
fn a_table_is_the_same_in_every_encoding() {
    let mut wide: Vec<u8> = vec![0xff, 0xfe];
    wide.extend(TEA.encode_utf16().flat_map(u16::to_le_bytes));
    let big: Vec<u8> = TEA.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xef\xbb\xbf", TEA.as_bytes()].concat();
    let national = encoding_rs::GB18030.encode(TEA).0.into_owned();
    for (bytes, encoding) in
        [(TEA.as_bytes().to_vec(), "UTF-8"), (marked, "UTF-8"), (wide, "UTF-16LE"), (big, "UTF-16BE"), (national, "gb18030")]
    {
        let (table, rows, refused) = one(&bytes);
        assert_eq!(table.facts.encoding, encoding);
        assert_eq!(table.columns, ["订单号", "买家", "备注"]);
        assert_eq!(cells(&rows), [vec!["1", "茶客", "好茶,\n再来"], vec!["2", "李雷", "=1+1"]]);
        assert_eq!((rows[0].0, rows[1].0, refused.len()), (2, 3, 0));
        assert!(table.facts.header);
    }
}

#[test]
fn big5_is_read_when_it_is_clearly_so() {
    let text = "訂單,內容\n1,今天的茶真是太好喝了，我們下次還會再來買，謝謝老闆的熱情招待\n2,寄送的速度很快，包裝也非常仔細，推薦給大家\n".repeat(5);
    let (table, rows, _) = one(&encoding_rs::BIG5.encode(&text).0);
    assert_eq!(table.facts.encoding, "Big5");
    assert!(rows[1].1[1].starts_with("寄送的速度很快"));
}

#[test]
fn an_encoding_that_shows_itself_late_is_still_found() {
    let mut bytes = b"id,text\n".to_vec();
    (0..20_000).for_each(|i| bytes.extend(format!("{i},plain\n").bytes()));
    bytes.extend(encoding_rs::GB18030.encode("20000,今天天气很好我们去喝茶吧\n20001,这家店的服务态度非常好\n").0.iter());
    let (table, rows, _) = one(&bytes);
    assert_eq!(table.facts.encoding, "gb18030");
    assert_eq!(rows[20_000].1[1], "今天天气很好我们去喝茶吧");
}

#[test]
fn a_broken_byte_is_named_with_its_row_and_never_replaced() {
    // The head is judged as a whole: what is neither UTF-8 nor anything else has no encoding.
    let spoilt = ["a,b\n茶,1\n茶".as_bytes(), b"\xff,2\n"].concat();
    assert!(matches!(fault(&spoilt), FileError::UnknownEncoding { .. }));
    let long = ["a,b\n".as_bytes(), "茶,1\n".repeat(20_000).as_bytes(), b"\xff,2\n"].concat();
    assert!(matches!(fault(&long), FileError::Encoding { byte: 120_004, row: 20_002, .. }));
    let folder = Folder::new();
    let path = folder.put("f.csv", b"a,b\n1,2\n3,\xff\n");
    let options = OpenOptions { encoding: Some("utf-8".into()), ..OpenOptions::default() };
    let error = open(&path, &options).map(|_| ()).unwrap_err();
    assert!(matches!(error, FileError::Encoding { byte: 10, row: 3, .. }), "{error:?}");
}

#[test]
fn the_kind_is_told_by_content_and_not_by_name() {
    let (table, rows, _) = one(&gz(TEA.as_bytes()));
    assert_eq!((table.facts.compression, rows.len()), ("gzip", 2));
    let (table, rows, _) = one(&zstd::encode_all(TEA.as_bytes(), 1).unwrap());
    assert_eq!((table.facts.compression, rows.len()), ("zstd", 2));
    let (table, rows, _) = one(&zip(&[("../../etc/passwd", TEA.as_bytes())]));
    assert_eq!((table.facts.compression, table.name.as_str(), rows.len()), ("zip", "file.csv/../../etc/passwd", 2));
    let both = [gz(b"a,b\n1,2\n"), gz(b"3,4\n")].concat();
    assert_eq!(one(&both).1.len(), 2);
}

#[test]
fn an_archive_gives_a_table_for_each_member() {
    let book = workbook(&format!("<row r=\"1\">{}{}</row>", text_cell("A1", "a"), text_cell("B1", "b")));
    let (_folder, tables) =
        open_bytes(&zip(&[("a.csv", b"x,y\n1,2\n"), ("__MACOSX/a.csv", b"?"), ("b.jsonl", b"{\"k\":1}\n"), ("c.xlsx", &book)]))
            .unwrap();
    let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["file.csv/a.csv", "file.csv/b.jsonl", "file.csv/c.xlsx/订单"]);
}

#[test]
fn what_cannot_be_a_table_is_refused_with_advice() {
    for (bytes, part) in [
        (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"[..], "old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x7fELF\x02", "a program"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\n <html><table>", "HTML"),
        (b"{\n \"a\": 1\n}", "several lines"),
        (b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11", "binary"),
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (&gz(&gz(b"a,b\n")), "inside the archive"),
        (&zip(&[("a.zip", &zip(&[("b", b"c")]))]), "inside the archive"),
        (b"PK\x03\x04junk", "archive"),
    ] {
        let error = fault(bytes).to_string();
        assert!(error.contains(part), "{error}");
    }
    assert!(matches!(fault(b"PAR1...."), FileError::IsParquet));
}

#[test]
fn what_is_cut_short_says_so() {
    let long: String = (0..50_000).map(|i| format!("{i},{}\n", i * 7919 % 10_007)).collect();
    let packed = gz(long.as_bytes());
    assert!(matches!(fault(&packed[..packed.len() / 2]), FileError::Damaged { at, .. } if at > 1000));
    let packed = zstd::encode_all(long.as_bytes(), 1).unwrap();
    assert!(matches!(fault(&packed[..packed.len() / 2]), FileError::Damaged { .. }));
    let mut spoilt = zip(&[("a.csv", long.as_bytes())]);
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 0xff;
    assert!(matches!(fault(&spoilt), FileError::Damaged { .. } | FileError::Encoding { .. } | FileError::UnknownEncoding { .. }));
}

#[test]
fn bombs_are_refused() {
    let bomb = gz(&vec![b'a'; 32 << 20]);
    assert!(matches!(fault(&bomb), FileError::Bomb { .. } | FileError::RowTooLong { .. }));
    let lines = "0,0\n".repeat(8 << 20);
    assert!(matches!(fault(&gz(lines.as_bytes())), FileError::Bomb { .. }));
    assert!(matches!(fault(&zip(&[("a.csv", lines.as_bytes())])), FileError::Bomb { .. }));
    let folder = Folder::new();
    let limits = Limits { max_unpacked_bytes: 1000, ..Limits::default() };
    let path = folder.put("a.csv", &gz("a,b\n1,2\n".repeat(1000).as_bytes()));
    let result = open(&path, &OpenOptions { limits, ..OpenOptions::default() }).map(|_| ());
    assert!(matches!(result, Err(FileError::TooLarge { limit: 1000, .. })), "{result:?}");
}

#[test]
fn a_quote_that_never_closes_is_found_where_it_opens() {
    let mut text = "a,b\n".to_owned();
    (0..9).for_each(|i| text.push_str(&format!("{i},x\n")));
    text.push_str("9,\"open\n");
    (0..2_000_000).for_each(|_| text.push_str("10,longer\n"));
    let error = fault(text.as_bytes());
    assert!(matches!(error, FileError::RowTooLong { row: 11, .. }), "{error:?}");
    assert!(matches!(fault(b"a,b\n1,2\n3,\"x\n4,5\n"), FileError::OpenQuote { row: 3, .. }));
}

#[test]
fn a_nul_is_kept_for_the_cell_to_be_refused() {
    let (_, rows, _) = one(b"a,b\nx\0y,1\n");
    assert_eq!(rows[0].1[0], "x\0y");
}

#[test]
fn json_lines_are_a_table_and_bad_lines_are_refused_alone() {
    let (table, rows, refused) = one("{\"id\":1,\"u\":{\"n\":\"茶\"}}\n\nnot json\n{\"id\":2,\"tags\":[1]}\n".as_bytes());
    assert_eq!(table.columns, ["id", "u.n", "tags", OTHER_KEYS]);
    assert_eq!(
        rows,
        [
            (1, vec!["1".into(), "茶".into(), String::new(), String::new()]),
            (4, vec!["2".into(), String::new(), "[1]".into(), String::new()])
        ]
    );
    assert_eq!((refused[0].row, refused.len()), (3, 1));
}

#[test]
fn an_array_of_objects_is_a_table_too() {
    let objects: Vec<String> = (0..3000).map(|i| format!("{{\"id\": {i},\n \"t\": \"a,]\"}}")).collect();
    let text = format!("[{}]\n", objects.join(",\n"));
    let (_, rows, refused) = one(text.as_bytes());
    assert_eq!((rows.len(), refused.len()), (3000, 0));
    assert_eq!(rows[2999], (3000, vec!["2999".into(), "a,]".into(), String::new()]));
    assert!(matches!(fault(&text.as_bytes()[..text.len() - 40]), FileError::CutShort { .. }));
    assert!(matches!(fault(b"[{\"a\":1}, {\"a\""), FileError::CutShort { row: 2, .. }));
}

#[test]
fn a_workbook_gives_dates_as_iso_text_and_whole_numbers_without_a_point() {
    let data = [
        format!("<row r=\"1\">{}</row>", text_cell("A1", "店铺订单报表")),
        format!("<row r=\"3\">{}{}{}</row>", text_cell("A3", "订单号"), text_cell("B3", "时间"), text_cell("C3", "金额")),
        "<row r=\"4\"><c r=\"A4\"><v>12</v></c><c r=\"B4\" s=\"1\"><v>46025.520833333336</v></c><c r=\"C4\"><f>1+1</f><v>19.990000000000002</v></c></row>".into(),
        "<row r=\"6\"><c r=\"A6\"><v>13</v></c><c r=\"B6\" s=\"2\"><v>46025</v></c><c r=\"C6\" t=\"e\"><v>#N/A</v></c></row>".into(),
        "<row r=\"5000\"><c r=\"A5000\"><v>14</v></c></row>".into(),
    ];
    let (table, rows, refused) = one(&workbook(&data.concat()));
    assert_eq!((table.name.as_str(), table.facts.skipped_rows), ("file.csv/订单", 2));
    assert_eq!(table.columns, ["订单号", "时间", "金额"]);
    let want: [(u64, Vec<String>); 3] = [
        (4, vec!["12".into(), "2026-01-03 12:30:00".into(), "19.99".into()]),
        (6, vec!["13".into(), "2026-01-03".into(), "#N/A".into()]),
        (5000, vec!["14".into(), String::new(), String::new()]),
    ];
    assert_eq!((rows.as_slice(), refused.len()), (want.as_slice(), 0));
}

#[test]
fn a_workbook_that_is_too_large_is_refused_before_it_is_read() {
    let folder = Folder::new();
    let path = folder.put("b.xlsx", &workbook(&"<row></row>".repeat(10_000)));
    let limits = Limits { max_workbook_bytes: 50_000, ..Limits::default() };
    let result = open(&path, &OpenOptions { limits, ..OpenOptions::default() }).map(|_| ());
    assert!(matches!(result, Err(FileError::TooLarge { .. })), "{result:?}");
}

#[test]
fn progress_reaches_the_end_of_the_file() {
    let folder = Folder::new();
    let path = folder.put("a.csv", TEA.as_bytes());
    let mut table = open(&path, &OpenOptions::default()).unwrap().remove(0);
    drain(&mut table).unwrap();
    assert_eq!(table.progress(), Progress { bytes_read: TEA.len() as u64, bytes_total: Some(TEA.len() as u64) });
}

#[test]
fn a_table_made_elsewhere_is_read_like_any_other() {
    let chunk = Chunk::cells(1, 1, vec![vec!["x".into()]]);
    let mut table = Table::from_chunks("t".into(), vec!["a".into()], vec![Ok(chunk)].into_iter());
    fn sent<T: Send>(table: &mut T) -> &mut T {
        table
    }
    assert_eq!(drain(sent(&mut table)).unwrap().0.len(), 1);
}

/// The folder of shared data, if it is there.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("KITH_SHARED").map_or(beside, PathBuf::from).join("data");
    if !folder.exists() {
        eprintln!("skipped: no shared data at {} (set KITH_SHARED)", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn real_exports_are_read_whole() {
    let Some(folder) = shared() else { return };
    for (file, columns, rows, header) in [
        ("cdnow/CDNOW_master.txt", 4, 69_659, true),
        ("cdnow/CDNOW_sample.txt", 5, 6_919, false),
        ("robyn_weekly/weekly.csv", 12, 208, true),
        ("olist_funnel/mql.csv", 4, 8_000, true),
        ("olist_funnel/closed_deals.csv", 14, 842, true),
    ] {
        let mut table = open(&folder.join(file), &OpenOptions::default()).unwrap().remove(0);
        let (found, refused) = drain(&mut table).unwrap();
        assert_eq!((table.columns.len(), found.len(), refused.len(), table.facts.header), (columns, rows, 0, header), "{file}");
    }
    for file in ["olist_sample", "weibo_cascades", "zh_brand_posts"] {
        for entry in std::fs::read_dir(folder.join(file)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "md") || path.ends_with("expected.json") {
                continue;
            }
            let Ok(mut tables) = open(&path, &OpenOptions::default()) else { panic!("{}", path.display()) };
            let (rows, refused) = drain(&mut tables[0]).unwrap();
            eprintln!("{}: {:?} {} rows, {} refused", path.display(), tables[0], rows.len(), refused.len());
            assert!(!rows.is_empty() && refused.is_empty(), "{} {refused:?}", path.display());
        }
    }
}

#[test]
fn small_chunks_of_a_long_file_lose_nothing() {
    let text: String = (0..30_000).map(|i| format!("{i},\"茶{i}\"\r\n")).collect();
    let lines: String = (0..30_000).map(|i| format!("{{\"a\":{i},\"b\":\"茶{i}\"}}\n")).collect();
    let array = format!("[{}]", lines.trim_end().replace('\n', ","));
    let national = encoding_rs::GB18030.encode(&text).0.into_owned();
    let folder = Folder::new();
    for (bytes, first) in [(text.as_bytes(), 1), (&national, 1), (lines.as_bytes(), 1), (array.as_bytes(), 1)] {
        for chunk_bytes in [1, 1000] {
            let options = OpenOptions { chunk_bytes, ..OpenOptions::default() };
            let mut table = open(&folder.put("f", bytes), &options).unwrap().remove(0);
            let (rows, refused) = drain(&mut table).unwrap();
            assert_eq!((rows.len(), refused.len()), (30_000, 0));
            for (i, (number, cells)) in rows.iter().enumerate() {
                assert_eq!(
                    (*number, cells[0].as_str(), cells[1].as_str()),
                    (i as u64 + first, i.to_string().as_str(), format!("茶{i}").as_str())
                );
            }
        }
    }
}

fn table_of_cells() -> impl Strategy<Value = Cells> {
    let cell = "[a-z茶好\",;|\t\r\n= .@😀é-]{0,8}";
    (2_usize..5).prop_flat_map(move |width| proptest::collection::vec(proptest::collection::vec(cell, width), 1..12))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rows_come_back_equal_however_they_were_written(
        body in table_of_cells(),
        delimiter in proptest::sample::select(b",\t;|".to_vec()),
        encoding in proptest::sample::select(vec!["utf-8", "gb18030", "utf-16le", "utf-16be"]),
        packing in 0..4,
        chunk_bytes in proptest::sample::select(vec![1_usize, 7, 64, 4 << 20]),
        terminator in proptest::sample::select(vec![csv::Terminator::CRLF, csv::Terminator::Any(b'\n'), csv::Terminator::Any(b'\r')]),
    ) {
        let width = body[0].len();
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
        writer.write_record((0..width).map(|i| format!("名{}", char::from(b'a' + i as u8)))).unwrap();
        body.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let bytes = match encoding {
            "gb18030" => encoding_rs::GB18030.encode(&text).0.into_owned(),
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.into_bytes(),
        };
        let bytes = match packing {
            1 => gz(&bytes),
            2 => zstd::encode_all(bytes.as_slice(), 1).unwrap(),
            3 => zip(&[("a", &bytes)]),
            _ => bytes,
        };
        let folder = Folder::new();
        let path = folder.put("f", &bytes);
        // Random cells give neither the encoding nor the delimiter nor the header away.
        let options = OpenOptions {
            delimiter: Some(Delimiter::Byte(delimiter)),
            encoding: Some(encoding.into()),
            header: Some(true),
            chunk_bytes,
            ..OpenOptions::default()
        };
        let mut table = open(&path, &options).unwrap().remove(0);
        prop_assert_eq!(table.columns.len(), width);
        let (rows, refused) = drain(&mut table).unwrap();
        prop_assert!(refused.is_empty(), "{:?}", refused);
        let numbered: Vec<(u64, Vec<String>)> = (2..).zip(body).filter(|(_, row)| !row.iter().all(|cell| cell.trim().is_empty())).collect();
        let rows: Vec<(u64, Vec<String>)> = rows.into_iter().filter(|(_, row)| !row.iter().all(|cell| cell.trim().is_empty())).collect();
        prop_assert_eq!(rows, numbered);
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400), magic in 0..9, chunk_bytes in 1_usize..200) {
        let magics: [&[u8]; 9] =
            [b"", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"{\"a\":", b"[{\"a\":", b"a,b\n", b"\xff\xfe", b"\xef\xbb\xbf"];
        let folder = Folder::new();
        let path = folder.put("f", &[magics[magic as usize], &bytes].concat());
        if let Ok(tables) = open(&path, &OpenOptions { chunk_bytes, ..OpenOptions::default() }) {
            for mut table in tables {
                let _ = drain(&mut table);
            }
        }
    }

    #[test]
    fn a_spoilt_archive_or_workbook_breaks_nothing(place in 0_usize..100_000, value: u8, book: bool) {
        let mut bytes = if book { workbook("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" s=\"1\"><v>2</v></c></row>") } else { zip(&[("a", TEA.as_bytes())]) };
        let place = place % bytes.len();
        bytes[place] = value;
        if let Ok((_folder, tables)) = open_bytes(&bytes) {
            for mut table in tables {
                let _ = drain(&mut table);
            }
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[a1,;\"{}\\[\\]: #\n\r\t茶]{0,200}", chunk_bytes in 1_usize..50) {
        let folder = Folder::new();
        if let Ok(tables) = open(&folder.put("f", text.as_bytes()), &OpenOptions { chunk_bytes, ..OpenOptions::default() }) {
            for mut table in tables {
                let _ = drain(&mut table);
            }
        }
    }
}
