//! Keeps the shape of the house: which crate may use which, which foreign name stays behind which wall, how long a file is.
//!
//! Each rule is a function from a manifest or a source file to its complaints, with a bad example beside it that it must
//! complain of. The last test lets all rules read this workspace. The files are read as text: nothing is compiled.

use std::fs;
use std::path::{Path, PathBuf};

/// The crates by layer, from the pure ones upwards. A crate may use those of lower layers, never one beside it.
const LAYERS: [&[&str]; 5] =
    [&["kith-core"], &["kith-stats", "kith-text"], &["kith-channels", "kith-journal", "kith-lake"], &["kith-desk"], &["kith"]];

/// A foreign crate, and the only crates of ours that may see it.
const WALLS: [(&str, &[&str]); 25] = [
    ("sqlx", &["kith-journal"]),
    ("arrow", &["kith-lake"]),
    ("datafusion", &["kith-lake"]),
    ("object_store", &["kith-lake"]),
    ("parquet", &["kith-lake"]),
    ("roaring", &["kith-lake"]),
    ("calamine", &["kith-channels"]),
    ("chardetng", &["kith-channels"]),
    ("encoding_rs", &["kith-channels"]),
    ("reqwest", &["kith-channels"]),
    ("zip", &["kith-channels"]),
    ("toml", &["kith", "kith-desk"]),
    ("rand", &["kith-desk"]),
    ("rand_distr", &["kith-desk"]),
    ("argon2", &["kith-desk"]),
    ("chacha20poly1305", &["kith-desk"]),
    ("totp_rs", &["kith-desk"]),
    ("anyhow", &["kith"]),
    ("axum", &["kith"]),
    ("clap", &["kith"]),
    ("comfy_table", &["kith"]),
    ("hyper", &["kith"]),
    ("indicatif", &["kith"]),
    ("maud", &["kith"]),
    ("tokio", &["kith", "kith-channels", "kith-desk", "kith-journal", "kith-lake"]),
];

/// What a pure crate may not touch: files, the network, the environment, the clock, chance.
const PURE: [&str; 3] = ["kith-core", "kith-stats", "kith-text"];
const IMPURE: [&str; 9] =
    ["std::fs", "std::net", "std::env", "std::process", "std::io", "SystemTime::now", "Instant::now", "Utc::now", "Local::now"];

/// The activities of the desk, lowest first: each may call those before it. The morning's report looks at all of them.
const ACTIVITIES: [&str; 7] = ["listen", "audience", "plan", "care", "community", "measure", "today"];

/// What a file outside tests may not say, because a user would see a crash instead of advice.
const CRASHES: [&str; 6] = [".unwrap()", ".unwrap_err()", "panic!", "todo!", "unimplemented!", "dbg!"];

/// Names that say nothing. A thing without a home has not found its name.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "common", "helpers", "misc", "models", "manager"];

const LONGEST_FILE: usize = 600;

/// Files that may be longer, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];

struct Manifest {
    /// The name of the crate, as in `kith-lake`.
    name: String,
    /// Its dependencies, with the line that says so, and whether only its tests have them.
    dependencies: Vec<(String, String, ForWhom)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ForWhom {
    Everybody,
    Tests,
}

struct Source {
    /// The path from the root of the workspace, with `/`.
    path: String,
    text: String,
    /// Is the whole file compiled for tests only?
    test: bool,
}

impl Manifest {
    fn read(name: &str, text: &str) -> Self {
        let mut dependencies = Vec::new();
        let mut inside = false;
        let mut whom = ForWhom::Everybody;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                inside = section.ends_with("dependencies");
                whom = if section.contains("dev-dependencies") { ForWhom::Tests } else { ForWhom::Everybody };
                if let Some((_, single)) = section.split_once("dependencies.") {
                    dependencies.push((single.to_owned(), line.to_owned(), whom));
                }
            } else if let Some((left, _)) = line.split_once('=').filter(|_| inside) {
                let dependency = left.split('.').next().unwrap_or(left).trim().trim_matches('"');
                dependencies.push((dependency.to_owned(), line.to_owned(), whom));
            }
        }
        Self { name: name.to_owned(), dependencies }
    }
}

impl Source {
    /// The crate to which the file belongs.
    fn owner(&self) -> &str {
        self.path.strip_prefix("crates/").and_then(|path| path.split('/').next()).unwrap_or("")
    }

    /// The code alone: comments and the insides of strings are blanked, line breaks stay.
    fn code(&self) -> String {
        code_only(&self.text)
    }

    fn at(&self, offset: usize, text: &str) -> String {
        let line = text[..offset].matches('\n').count() + 1;
        format!("{}:{line}", self.path)
    }
}

// The rules.

fn upward_arrows(manifest: &Manifest) -> Vec<String> {
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    let Some(own) = layer(&manifest.name) else {
        return vec![format!("{} has no layer: add it to LAYERS", manifest.name)];
    };
    let wrong = manifest.dependencies.iter().filter(|(name, _, _)| layer(name).is_some_and(|other| other >= own));
    wrong.map(|(name, _, _)| format!("{} uses {name}, which is not below it", manifest.name)).collect()
}

fn foreign_dependencies(manifest: &Manifest) -> Vec<String> {
    let foreign = |name: &str| WALLS.iter().find(|(wall, _)| *wall == name.replace('-', "_"));
    let mut complaints = Vec::new();
    // Tests make input and check output by other means than the code they test, so they may use what they need.
    for (name, _, _) in manifest.dependencies.iter().filter(|(_, _, whom)| *whom == ForWhom::Everybody) {
        if let Some((_, allowed)) = foreign(name).filter(|(_, allowed)| !allowed.contains(&manifest.name.as_str())) {
            complaints.push(format!("{} depends on {name}, which only {} may see", manifest.name, allowed.join(", ")));
        }
    }
    complaints
}

fn own_versions(manifest: &Manifest) -> Vec<String> {
    let own = manifest.dependencies.iter().filter(|(_, line, _)| !line.contains("workspace"));
    own.map(|(name, _, _)| {
        format!("{} sets its own version of {name}: versions stand in [workspace.dependencies]", manifest.name)
    })
    .collect()
}

fn foreign_names(source: &Source) -> Vec<String> {
    if source.test {
        return Vec::new();
    }
    let code = without_tests(&source.code());
    let mut complaints = Vec::new();
    for (name, allowed) in WALLS.iter().filter(|(_, allowed)| !allowed.contains(&source.owner())) {
        for at in words(&code, name).filter(|at| is_foreign_path(&code, *at, name)) {
            complaints.push(format!("{} names {name}, which only {} may see", source.at(at, &code), allowed.join(", ")));
        }
    }
    complaints
}

fn impure_names(source: &Source) -> Vec<String> {
    if source.test || !PURE.contains(&source.owner()) {
        return Vec::new();
    }
    let code = without_tests(&source.code());
    let found = IMPURE.iter().flat_map(|name| words(&code, name).map(move |at| (at, name)));
    found.map(|(at, name)| format!("{} says {name}, but {} is pure: pass it in", source.at(at, &code), source.owner())).collect()
}

fn upward_calls(source: &Source) -> Vec<String> {
    let place = source.path.strip_prefix("crates/kith-desk/src/").map(|path| path.split(['/', '.']).next().unwrap_or(""));
    let rank = |name: &str| ACTIVITIES.iter().position(|activity| *activity == name);
    let Some(own) = place.and_then(rank) else {
        return Vec::new();
    };
    let code = source.code();
    let mut complaints = Vec::new();
    for at in words(&code, "crate") {
        for name in first_names(&code[at + "crate".len()..]) {
            if rank(&name).is_some_and(|other| other > own) {
                let (from, upwards) = (ACTIVITIES[own], source.at(at, &code));
                complaints.push(format!("{upwards} calls {name} from {from}, which is below it: leave a note in the journal"));
            }
        }
    }
    complaints
}

fn long_files(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let listed = LONG_FILES.iter().any(|(path, _)| *path == source.path);
    match (lines > LONGEST_FILE, listed) {
        (true, false) => vec![format!("{} has {lines} lines: split it, or list it in LONG_FILES with a reason", source.path)],
        (false, true) => vec![format!("{} has {lines} lines: take it off LONG_FILES", source.path)],
        _ => Vec::new(),
    }
}

fn crashes(source: &Source) -> Vec<String> {
    if source.test || !source.path.ends_with(".rs") {
        return Vec::new();
    }
    let code = without_tests(&source.code());
    let found = CRASHES.iter().flat_map(|crash| words(&code, crash).map(move |at| (at, crash)));
    found.map(|(at, crash)| format!("{} has {crash}: return an error that says what to do", source.at(at, &code))).collect()
}

fn empty_names(source: &Source) -> Vec<String> {
    if !source.path.ends_with(".rs") {
        return Vec::new(); // migrations/common is what both engines have in common
    }
    let parts = source.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let empty = parts.filter(|part| EMPTY_NAMES.contains(part));
    empty.map(|part| format!("{}: `{part}` says nothing, name what is in it", source.path)).collect()
}

// Reading Rust as text.

/// The places where `name` stands as a word of its own.
fn words<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part_of_a_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(name).map(|(at, _)| at).filter(move |at| {
        let before = name.starts_with(|c: char| c.is_alphanumeric()) && part_of_a_word(code[..*at].chars().next_back());
        let after = name.ends_with(|c: char| c.is_alphanumeric()) && part_of_a_word(code[at + name.len()..].chars().next());
        !before && !after
    })
}

/// Does a path start with this word (`sqlx::query`, `use sqlx as db`), so that it names the foreign crate and no variable?
fn is_foreign_path(code: &str, at: usize, name: &str) -> bool {
    let before = code[..at].trim_end();
    let after = code[at + name.len()..].trim_start();
    let follows = |part: &str| part.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>');
    let inside_a_path = before.strip_suffix("::").is_some_and(follows);
    let path = after.starts_with("::") && !inside_a_path;
    let used = before.ends_with("use") && (after.starts_with(';') || after.starts_with("as "));
    path || used || before.ends_with("extern crate")
}

/// The first names behind `crate`: one for `::plan::x`, several for `::{care, plan::x}`.
fn first_names(behind: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(path) = behind.trim_start().strip_prefix("::") else {
        return Vec::new();
    };
    let Some(group) = path.trim_start().strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut depth = 0_usize;
    let mut names = vec![word(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(word(&group[at + 1..])),
            _ => {}
        }
    }
    names
}

/// Blanks comments, strings and characters; keeps line breaks, so that line numbers stay true.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after_a_word = code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if c == '"' {
            string(rest)
        } else if !after_a_word && (rest.starts_with("r\"") || rest.starts_with("r#") || rest.starts_with("br")) {
            raw_string(rest)
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`; 0 for a word that only starts so, such as `r#type` or `break`.
fn raw_string(text: &str) -> usize {
    let body = text.strip_prefix("br").or_else(|| text.strip_prefix('r')).unwrap_or(text);
    let hashes = body.len() - body.trim_start_matches('#').len();
    if !body[hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len() + hashes + 1;
    text[start..].find(&end).map_or(text.len(), |at| start + at + end.len())
}

/// A character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(0, |at| at + 4),
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

/// Blanks what is compiled for tests only. Expects code without comments and strings.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    for mark in ["#[cfg(test)]", "#[cfg(all(test", "#[test]", "#[tokio::test"] {
        while let Some(start) = kept.find(mark) {
            let end = start + item_length(&kept[start..]);
            let blank: String = kept[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            kept.replace_range(start..end, &blank);
        }
    }
    kept
}

/// From an attribute to the end of the item it stands on: its closing brace, or its semicolon if that comes first.
fn item_length(text: &str) -> usize {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '{' => braces += 1,
            '}' if braces <= 1 => return at + 1,
            '}' => braces -= 1,
            ';' if braces == 0 && brackets == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

// Reading this workspace.

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn manifests() -> Vec<Manifest> {
    let mut manifests = Vec::new();
    for folder in fs::read_dir(root().join("crates")).unwrap() {
        let folder = folder.unwrap();
        let text = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        manifests.push(Manifest::read(folder.file_name().to_str().unwrap(), &text));
    }
    manifests
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in ["crates", "migrations"] {
        collect(&root().join(folder), folder, &mut sources);
    }
    let declared: Vec<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let stem = source.path.strip_suffix(".rs").unwrap_or(&source.path);
        let inside = |module: &String| stem == module || stem.starts_with(&format!("{module}/"));
        source.test = source.path.contains("/tests/") || source.path.contains("/benches/") || declared.iter().any(inside);
    }
    sources
}

fn collect(folder: &Path, path: &str, sources: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let (name, at) = (entry.file_name().into_string().unwrap(), entry.path());
        let path = format!("{path}/{name}");
        if at.is_dir() {
            collect(&at, &path, sources);
        } else if name.ends_with(".rs") || name.ends_with(".sql") {
            sources.push(Source { path, text: fs::read_to_string(&at).unwrap(), test: false });
        }
    }
}

/// The modules that a file declares for tests only, as paths without `.rs`.
fn test_modules(source: &Source) -> Vec<String> {
    let code = source.code();
    let folder = match source.path.rsplit_once('/') {
        Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => folder.to_owned(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    let mut modules = Vec::new();
    for (at, mark) in code.match_indices("#[cfg(test)]") {
        let item = code[at + mark.len()..].split(['{', ';']).next().unwrap_or("");
        if let Some((_, name)) = item.split_once("mod ").filter(|_| code[at + mark.len() + item.len()..].starts_with(';')) {
            modules.push(format!("{folder}/{}", name.trim()));
        }
    }
    modules
}

#[test]
fn the_house_is_tidy() {
    let mut complaints = Vec::new();
    let (manifests, sources) = (manifests(), sources());
    for manifest in &manifests {
        for rule in [upward_arrows, foreign_dependencies, own_versions] {
            complaints.extend(rule(manifest));
        }
        if !root().join("crates").join(&manifest.name).join("README.md").is_file() {
            complaints.push(format!("crates/{} has no README.md", manifest.name));
        }
    }
    for source in &sources {
        for rule in [foreign_names, impure_names, upward_calls, long_files, crashes, empty_names] {
            complaints.extend(rule(source));
        }
    }
    assert!(manifests.len() >= 8 && sources.len() > 30, "the rules did not find the workspace");
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

mod bad_examples {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned(), test: false }
    }

    #[test]
    fn a_crate_that_uses_one_above_or_beside_it_is_found() {
        let lake = Manifest::read("kith-lake", "[dependencies]\nkith-core.workspace = true\nkith-journal.workspace = true\n");
        assert_eq!(upward_arrows(&lake), ["kith-lake uses kith-journal, which is not below it"]);
        let core = Manifest::read("kith-core", "[dev-dependencies]\nkith-desk = { workspace = true }\n");
        assert_eq!(upward_arrows(&core).len(), 1);
        assert_eq!(upward_arrows(&Manifest::read("kith-new", "")).len(), 1);
    }

    #[test]
    fn a_foreign_crate_in_the_wrong_manifest_is_found() {
        let desk = Manifest::read("kith-desk", "[dependencies]\nsqlx.workspace = true\n[dependencies.axum]\nworkspace = true\n");
        assert_eq!(foreign_dependencies(&desk).len(), 2);
        let journal = Manifest::read("kith-journal", "[dependencies]\nsqlx.workspace = true\n[features]\naxum = []\n");
        assert!(foreign_dependencies(&journal).is_empty());
        let tests = Manifest::read("kith", "[dev-dependencies]\nencoding_rs.workspace = true\n");
        assert!(foreign_dependencies(&tests).is_empty());
        let door = Manifest::read("kith-lake", "[dependencies]\ncomfy-table.workspace = true\n");
        assert_eq!(foreign_dependencies(&door).len(), 1);
    }

    #[test]
    fn a_version_outside_the_workspace_is_found() {
        let text = "[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\ncsv.workspace = true\n";
        assert_eq!(own_versions(&Manifest::read("kith-text", text)).len(), 1);
    }

    #[test]
    fn a_foreign_name_behind_the_wrong_wall_is_found() {
        for text in [
            "use sqlx::Row;",
            "fn f() { let x = ::sqlx::query(a); }",
            "use {\n    std::fmt,\n    sqlx::Row,\n};",
            "use sqlx as db;",
            "fn f(e: sqlx::Error) {}",
        ] {
            let found = foreign_names(&source("crates/kith-desk/src/a.rs", text));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(foreign_names(&source("crates/kith-journal/src/a.rs", text)).is_empty(), "{text}");
        }
        for text in ["// sqlx::Row\n", "let a = \"sqlx::Row\";", "use crate::zip::Zip;", "let zip = 1; a.zip(b)", "my_sqlx::x()"]
        {
            assert!(foreign_names(&source("crates/kith-desk/src/a.rs", text)).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_pure_crate_that_reads_the_clock_is_found() {
        let text = "fn f() { let now = chrono::Utc::now(); }\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(impure_names(&source("crates/kith-stats/src/a.rs", text)).len(), 1);
        assert!(impure_names(&source("crates/kith-lake/src/a.rs", text)).is_empty());
    }

    #[test]
    fn an_activity_that_calls_one_above_it_is_found() {
        let text = "use crate::{listen::burst, measure::{roi, listen}, config};\nfn f() { crate::care::send() }";
        let found = upward_calls(&source("crates/kith-desk/src/audience/search.rs", text));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].starts_with("crates/kith-desk/src/audience/search.rs:2 calls care from audience"), "{found:?}");
        assert!(upward_calls(&source("crates/kith-desk/src/measure/today.rs", text)).is_empty());
        assert!(upward_calls(&source("crates/kith-desk/src/config.rs", text)).is_empty());
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(long_files(&source("crates/kith/src/a.rs", &"\n".repeat(601))).len(), 1);
        assert!(long_files(&source("crates/kith/src/a.rs", &"\n".repeat(600))).is_empty());
    }

    #[test]
    fn a_crash_outside_tests_is_found() {
        for crash in ["x.unwrap();", "x.unwrap_err();", "panic!();", "todo!()", "unimplemented!()", "dbg!(x);"] {
            let text = format!("fn f<'a>(c: &'a str) {{\n    let q = '\"';\n    {crash}\n}}\n");
            let found = crashes(&source("crates/kith/src/a.rs", &text));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with("crates/kith/src/a.rs:3 "), "{found:?}");
        }
    }

    #[test]
    fn a_crash_in_a_test_a_comment_or_a_string_is_none() {
        for text in [
            "/// x.unwrap()\nfn f() {}",
            "/* panic!() /* todo!() */ todo!() */",
            "fn f() -> &'static str { \"todo!() \\\" panic!()\" }",
            "fn f() -> &'static str { r#\"\"todo!()\"# }",
            "fn f() { x.unwrap_or(1); x.unwrap_or_default() }",
            "#[cfg(test)]\nmod tests {\n    fn f() { x.unwrap() }\n}\n",
            "#[cfg(test)]\nmod a;\n#[tokio::test(flavor = \"current_thread\")]\nasync fn f() { x.unwrap() }",
            "#[cfg(test)]\nfn a(x: [u8; 3]) -> u8 { x.unwrap() }",
        ] {
            let found = crashes(&source("crates/kith/src/a.rs", text));
            assert!(found.is_empty(), "{text}: {found:?}");
        }
        let after = "#[cfg(test)]\nmod tests { }\nfn f() { x.unwrap() }";
        assert_eq!(crashes(&source("crates/kith/src/a.rs", after)).len(), 1);
    }

    #[test]
    fn a_module_declared_for_tests_only_is_a_test() {
        let lib = source("crates/kith-lake/src/lib.rs", "#[cfg(test)]\nmod story;\n#[cfg(test)]\nmod tests { }\nmod lake;");
        assert_eq!(test_modules(&lib), ["crates/kith-lake/src/story"]);
        let file = source("crates/kith-lake/src/lake.rs", "#[cfg(test)]\npub(crate) mod made;");
        assert_eq!(test_modules(&file), ["crates/kith-lake/src/lake/made"]);
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        assert_eq!(empty_names(&source("crates/kith-desk/src/utils.rs", "")).len(), 1);
        assert_eq!(empty_names(&source("crates/kith-desk/src/common/mod.rs", "")).len(), 1);
        assert!(empty_names(&source("crates/kith-desk/src/measure/today.rs", "")).is_empty());
    }
}
