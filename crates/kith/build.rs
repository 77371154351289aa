//! Chooses what is embedded as the application in the browser: what `make web` built, or a page that says how to build it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const PLACEHOLDER: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kith</title>
<h1>Kith</h1>
<p>This Kith was built without its pages. Run <code>make run</code>, or use the API under <code>/api/v1</code>.</p>
<p lang="zh">此版本未包含网页界面。请运行 <code>make run</code>，或使用 <code>/api/v1</code> 接口。</p>
</html>
"#;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate lies"));
    let dist = root.join("../../web/dist");
    // A path that is missing counts as changed with every build; an empty folder does not. Where the sources may not be written, it stays
    // missing, and every build looks again.
    let _ = fs::create_dir_all(&dist);
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=KITH_REQUIRE_WEB");
    let folder = if dist.join("index.html").is_file() {
        dist.canonicalize().expect("a folder that is there has a path")
    } else {
        assert!(!env::var("KITH_REQUIRE_WEB").is_ok_and(|value| value == "1"), "web/dist is missing: run `make web` first");
        println!("cargo:warning=web/dist is missing, so a page that says so is embedded: `make web` builds the pages");
        let out = env::var("OUT_DIR").expect("cargo says where to write");
        placeholder(&Path::new(&out).join("web-placeholder"))
    };
    println!("cargo:rustc-env=KITH_WEB_DIST={}", folder.display());
}

fn placeholder(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).expect("cargo's own folder may be written");
    fs::write(folder.join("index.html"), PLACEHOLDER).expect("cargo's own folder may be written");
    folder.to_owned()
}
