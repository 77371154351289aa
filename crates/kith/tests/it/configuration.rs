//! Every name in kith.toml does something: the code reads it. (That the file has every name and every default, the configuration's own
//! tests say.)

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The keys of the file, each with its section.
fn keys(toml: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut keys = Vec::new();
    for line in toml.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = line.split_once(" = ") {
            keys.push((section.clone(), key.to_owned()));
        }
    }
    keys
}

/// The type that holds a section, by the fields of the configuration: `import` is an `ImportConfig`.
fn type_of(section: &str, config: &str) -> String {
    let field = section.rsplit('.').next().unwrap_or(section);
    let declared = config.lines().find_map(|line| line.trim().strip_prefix(&format!("pub {field}: ")));
    declared.unwrap_or_else(|| panic!("[{section}] is no part of the configuration")).trim_end_matches(',').to_owned()
}

/// Does `code` have `.name` as a whole word?
fn reads(code: &str, name: &str) -> bool {
    let dotted = format!(".{name}");
    code.match_indices(&dotted).any(|(at, _)| !code[at + dotted.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Keys that no source file reads which knows their section, by its name or its type.
fn unread(toml: &str, config: &str, sources: &[String]) -> Vec<String> {
    let is_read = |(section, key): &(String, String)| {
        let (kind, field, key) = (type_of(section, config), section.rsplit('.').next().unwrap_or(section), key.replace('-', "_"));
        sources.iter().any(|code| {
            let knows_it = code.contains(&kind) || reads(code, field) || reads(code, &format!("config.{key}"));
            knows_it && reads(code, &key)
        })
    };
    keys(toml).into_iter().filter(|key| !is_read(key)).map(|(section, key)| format!("[{section}] {key}")).collect()
}

/// What is compiled into the program: without comments, and without the tests at a file's end.
fn sources() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                found.push(text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect());
            }
        }
    }
    found
}

#[test]
fn every_name_of_the_shipped_file_is_read_by_the_code() {
    let toml = fs::read_to_string(root().join("kith.toml")).unwrap();
    let config = fs::read_to_string(root().join("crates/kith-desk/src/config.rs")).unwrap();
    let sources = sources();
    assert!(keys(&toml).len() > 30 && sources.len() > 100, "the file or the sources were not found");
    assert_eq!(unread(&toml, &config, &sources), Vec::<String>::new(), "these settings do nothing");
}

#[test]
fn a_name_that_nobody_reads_is_found() {
    let config = "pub struct Config {\n    pub import: ImportConfig,\n    pub engine: EngineConfig,\n}\n";
    let toml = "# [old]\n[import]\nmost_columns = 5 # so many\nguess-rows = 7\n[engine]\nthreads = 0\n";
    let unread = |code: &str| unread(toml, config, &[code.to_owned()]);
    assert_eq!(unread("let a = config.import.most_columns; b(c.engine.threads)"), ["[import] guess-rows"]);
    assert_eq!(
        unread("fn f(c: &ImportConfig) { c.most_columns_of + c.guess_rows }"),
        ["[import] most_columns", "[engine] threads"]
    );
    assert_eq!(unread("fn f() { lake.threads(); a.guess_rows; b.most_columns }").len(), 3, "another's names");
}
