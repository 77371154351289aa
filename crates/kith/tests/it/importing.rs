//! A person's files, as they come: other encodings, other separators, wrong rows, hostile bytes.

use crate::shop::Shop;

const TOUCHES: &str =
    "时间,用户,类型,渠道,内容\n2026/1/3 12:30,小林,评论,微博,好喝\n1月4日,小王,转发,微博,推荐！\n昨天 12:30,小李,点赞,微博,\n";
const EXPORTED: [&str; 2] = ["--exported-at", "2026-01-06T09:00:00+08:00"];

fn count(shop: &Shop) -> i64 {
    shop.number("SELECT count(*) FROM touches")
}

#[test]
fn one_export_in_every_encoding_and_separator_is_the_same_import() {
    let shop = Shop::new();
    let (gb, _, _) = encoding_rs::GB18030.encode(TOUCHES);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(TOUCHES.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let files = [
        shop.file("utf8.csv", TOUCHES),
        shop.file("bom.csv", format!("\u{feff}{TOUCHES}")),
        shop.file("gb.csv", gb),
        shop.file("utf16.csv", utf16),
        shop.file("tab.csv", TOUCHES.replace(',', "\t")),
        shop.file("semicolon.csv", TOUCHES.replace(',', ";")),
        shop.file("crlf.csv", TOUCHES.replace('\n', "\r\n")),
    ];
    for file in files {
        shop.must(&[&["import", &file], EXPORTED.as_slice()].concat());
        assert_eq!(count(&shop), 3, "{file}");
    }
    let text = shop.says(&["sql", "SELECT text FROM touches WHERE text IS NOT NULL ORDER BY at", "--format", "csv"]);
    assert_eq!(text, "text\n好喝\n推荐！\n");
    let days = shop.says(&["sql", "SELECT day_of(at) AS day FROM touches ORDER BY 1", "--format", "csv"]);
    assert_eq!(days, "day\n2026-01-03\n2026-01-04\n2026-01-05\n");
}

#[test]
fn refused_rows_can_be_corrected_and_imported_alone() {
    let shop = Shop::new();
    let file = shop.file("t.csv", "id,time,user,type,channel,amount\n1,2026-01-03 10:00,a,visit,web,\n2,soon,b,visit,web,\n3,2026-01-04 10:00,c,visit,web,12x\n");
    let said = shop.must(&["import", &file]);
    assert!(said.contains("soon") && said.contains("row 3") && said.contains("12x") && said.contains("row 4"), "{said}");
    assert_eq!(count(&shop), 1);
    let refused = shop.store().join("refused/1.csv");
    let text = std::fs::read_to_string(&refused).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    std::fs::write(&refused, text.replace("soon", "2026-01-05 09:00").replace("12x", "12")).unwrap();
    shop.must(&["import", refused.to_str().unwrap()]);
    assert_eq!(count(&shop), 3);
    let today = shop.says(&["today", "--as-of", "2026-01-06T09:00:00+08:00"]);
    assert!(!today.contains("refused row"), "what has been put right is nothing to do:\n{today}");
}

#[test]
fn refused_rows_of_another_length_and_with_formulas_are_corrected_cell_by_cell() {
    let shop = Shop::new();
    let file = shop.file(
        "t.csv",
        "id,wann,user,type,channel,text\n1,2026-01-03 10:00,a,comment,weibo,=1+1\n2,2026-01-03 10:00,b,comment,weibo,good,really\n\
         3,2026-01-03 10:00,c\n4,soon,d,comment,weibo,=SUM(A1)\n5,soon,e,comment,weibo,'=mine\n6,soon,f,comment,weibo,'tis\n",
    );
    shop.must(&["import", &file, "--kind", "touches", "--map", "wann=at"]);
    assert_eq!(count(&shop), 1);
    let refused = shop.store().join("refused/1.csv");
    let text = std::fs::read_to_string(&refused).unwrap();
    assert!(text.starts_with("\u{feff}kith_row,kith_column,kith_reason,id,wann,user,type,channel,text\r\n"), "{text}");
    for line in
        [",2,2026-01-03 10:00,b,comment,weibo,good,really\r\n", ",3,2026-01-03 10:00,c\r\n", ",'=SUM(A1)\r\n", ",''=mine\r\n"]
    {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    // What nobody corrects is refused again and not read with its cells in the wrong places.
    let again = shop.must(&["import", refused.to_str().unwrap()]);
    assert!(again.contains("5 refused"), "{again}");
    assert_eq!(std::fs::read_to_string(shop.store().join("refused/2.csv")).unwrap().lines().count(), 6);
    let corrected = text
        .replace(",good,really", ",\"good,really\"")
        .replace(",c\r\n", ",c,comment,weibo,short\r\n")
        .replace("soon", "2026-01-04");
    std::fs::write(&refused, corrected).unwrap();
    let said = shop.must(&["import", refused.to_str().unwrap()]);
    assert!(said.contains("0 refused"), "{said}");
    assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), 6);
    let texts = shop.json(&["sql", "SELECT text FROM touches ORDER BY identity, text"]);
    let mut texts: Vec<&str> = texts.as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["'=mine", "'tis", "=1+1", "=SUM(A1)", "good,really", "short"]);
    // Our columns are no part of what the touch says: the same event out of the whole file is the same touch.
    let whole = shop.file("whole.csv", "id,wann,user,type,channel,text\n4,2026-01-04,d,comment,weibo,=SUM(A1)\n");
    let said = shop.must(&["import", &whole, "--kind", "touches", "--map", "wann=at"]);
    assert!(said.contains("0 touches, 1 known already"), "{said}");
}

#[test]
fn refused_rows_come_back_from_a_spreadsheet_that_saved_them_its_own_way() {
    let shop = Shop::new();
    // Elsewhere, under another name, with semicolons, every row filled up to the longest.
    let file = shop.file(
        "put right.csv",
        "kith_row;kith_column;kith_reason;id;time;user;type;channel;text;;\n2;;why;2;2026-01-03 10:00;b;comment;weibo;'=1+1;;\n\
         3;;why;3;2026-01-03 10:00;c;comment;weibo;a;b;\n",
    );
    let said = shop.must(&["import", &file]);
    assert!(said.contains("1 refused") && said.contains("row 3"), "{said}");
    assert_eq!(shop.says(&["sql", "SELECT text, attributes FROM touches", "--format", "csv"]), "text,attributes\n'=1+1,\n");
    assert_eq!(shop.json(&["sql", "SELECT text FROM touches"])[0]["text"], "=1+1");
}

#[test]
fn a_file_that_is_too_wide_is_refused_as_a_whole() {
    let shop = Shop::new();
    std::fs::write(shop.store().join("kith.toml"), "[import]\nmost_columns = 5\n").unwrap();
    let file = shop.file("t.csv", "id,time,user,type,channel,text\n1,2026-01-03 10:00,a,comment,weibo,x\n");
    let said = shop.must_fail(&["import", &file]);
    assert!(said.contains("6 columns") && said.contains("most_columns"), "{said}");
    assert_eq!(count(&shop), 0);
}

#[test]
fn a_wrong_file_is_told_and_leaves_nothing() {
    let shop = Shop::new();
    let broken_gz = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3];
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "PNG"),
        ("page.csv", b"%PDF-1.7\n".to_vec(), "PDF"),
        ("empty.csv", Vec::new(), "empty"),
        ("broken.csv.gz", broken_gz.to_vec(), "gz"),
        ("latin.csv", b"id,time,user\n1,2026-01-03,caf\xe9\xff\xfe\n".to_vec(), ""),
        ("words.csv", b"good morning\nhow are you\n".to_vec(), ""),
    ];
    for (name, bytes, word) in cases {
        let file = shop.file(name, bytes);
        let said = shop.must_fail(&["import", &file, "--kind", "touches"]);
        assert!(said.contains(word) && said.contains(name), "{name}: {said}");
        assert_eq!(count(&shop), 0, "{name}");
    }
    let missing = shop.must_fail(&["import", "no-such-file.csv"]);
    assert!(missing.contains("no-such-file.csv"), "{missing}");
    assert_eq!(std::fs::read_dir(shop.store().join("refused")).unwrap().count(), 0);
}

#[test]
fn hostile_cells_are_text_or_are_refused() {
    let shop = Shop::new();
    let file = shop.file(
        "t.csv",
        "id,time,user,type,channel,text\n1,2026-01-03 10:00,a,comment,weibo,\"=cmd|' /C calc'!A0\"\n2,2026-01-03 10:00,b,comment,weibo,a\u{0}b\n3,2026-01-03 10:00,c,comment,weibo,\u{1b}[31mred\n",
    );
    let said = shop.must(&["import", &file]);
    assert!(said.contains("NUL") && said.contains("row 3"), "{said}");
    assert_eq!(count(&shop), 2);
    let out = shop.path().join("out.csv");
    shop.must(&["export", "SELECT text FROM touches ORDER BY touch_id", out.to_str().unwrap()]);
    let text = std::fs::read_to_string(out).unwrap();
    assert!(text.contains("'=cmd") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_preview_shows_the_mapping_and_imports_nothing() {
    let shop = Shop::new();
    let file = shop.file("t.csv", TOUCHES);
    let said = shop.must(&[&["import", &file, "--preview"], EXPORTED.as_slice()].concat());
    assert!(said.contains("时间") && said.contains("小林"), "{said}");
    assert_eq!(count(&shop), 0);
}

#[test]
fn a_mapping_is_corrected_saved_and_reused() {
    let shop = Shop::new();
    let file = shop.file("odd.csv", "wann,wer,was\n2026-01-03 10:00,a,visit\n2026-01-04 10:00,b,visit\n");
    let args = [
        "import",
        &file,
        "--kind",
        "touches",
        "--channel",
        "web",
        "--map",
        "wann=at",
        "--map",
        "wer=login",
        "--map",
        "was=kind",
        "--save-mapping",
        "odd",
    ];
    shop.must(&args);
    assert_eq!(count(&shop), 2);
    let next = shop.file("next.csv", "wann,wer,was\n2026-01-05 10:00,a,visit\n");
    shop.must(&["import", &next, "--mapping", "odd"]);
    assert_eq!(count(&shop), 3);
}
