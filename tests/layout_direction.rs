//! Imports between the files of `src` have a direction: no file imports, through others, itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The files of `src` by the paths of their modules, and what each `pub use` of a `mod.rs` stands for.
struct Crate {
    /// `crate::plan::gate` → its text without comments and tests.
    modules: BTreeMap<String, String>,
    /// The modules that are a `mod.rs`: they declare, and nothing else.
    folders: BTreeSet<String>,
    /// `(crate::plan, "Fleet")` → `crate::plan::fleet`.
    exports: BTreeMap<(String, String), String>,
}

impl Crate {
    fn read(src: &Path) -> Self {
        let mut files = Vec::new();
        list(src, &mut files);
        let comment = Regex::new("//[^\n]*").unwrap();
        let (mut modules, mut folders) = (BTreeMap::new(), BTreeSet::new());
        for file in files {
            let name = file.strip_prefix(src).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace(['/', '\\'], "::");
            if name.contains("tests") || name.ends_with("sample") || name == "main" {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let path = match name.strip_suffix("::mod") {
                Some(folder) => format!("crate::{folder}"),
                None if name == "lib" => "crate".to_owned(),
                None => format!("crate::{name}"),
            };
            if name.ends_with("::mod") || name == "lib" {
                folders.insert(path.clone());
            }
            modules.insert(path, comment.replace_all(product, "").into_owned());
        }
        let mut all = Self { modules, folders, exports: BTreeMap::new() };
        all.read_exports();
        all
    }

    /// A name may be passed on by several folders, so what is known of the exports is used again.
    fn read_exports(&mut self) {
        let passed_on = Regex::new(r"\bpub(?:\([^)]*\))? use ([^;]+);").unwrap();
        for _ in 0..4 {
            let mut found = Vec::new();
            for (module, text) in &self.modules {
                for path in passed_on.captures_iter(text).flat_map(|tree| paths(&tree[1])) {
                    let name = path.last().unwrap().clone();
                    found
                        .extend(self.file_of(module, &path).map(|to| ((module.clone(), name), to)));
                }
            }
            self.exports.extend(found);
        }
    }

    /// The module in whose file it is that `path`, as `from` writes it, names; none outside of `src`.
    fn file_of(&self, from: &str, path: &[String]) -> Option<String> {
        let mut module: Vec<&str> = from.split("::").collect();
        let mut rest: Vec<&str> = path.iter().map(String::as_str).collect();
        match rest[0] {
            "crate" => {
                module = vec!["crate"];
                rest.remove(0);
            }
            "self" => drop(rest.remove(0)),
            "super" => {
                while rest.first() == Some(&"super") {
                    module.pop();
                    rest.remove(0);
                }
            }
            first if self.modules.contains_key(&format!("{from}::{first}")) => {}
            _ => return None,
        }
        while let Some(next) = rest.first() {
            let deeper = format!("{}::{next}", module.join("::"));
            if !self.modules.contains_key(&deeper) {
                break;
            }
            module.push(rest.remove(0));
        }
        let module = module.join("::");
        let exported = rest.first().map(|name| (module.clone(), (*name).to_owned()));
        match exported.and_then(|name| self.exports.get(&name)) {
            Some(file) => Some(file.clone()),
            None => self.modules.contains_key(&module).then_some(module),
        }
    }

    /// The files that each file imports.
    fn imports(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let imported = Regex::new(r"\buse ([^;]+);").unwrap();
        let named = Regex::new(r"\b(?:crate|super|self)(?:::\w+)+").unwrap();
        let files = self.modules.iter().filter(|(module, _)| !self.folders.contains(*module));
        let imports = files.map(|(module, text)| {
            let uses = imported.captures_iter(text).flat_map(|tree| paths(&tree[1]));
            let body = imported.replace_all(text, "");
            let inline: Vec<Vec<String>> =
                named.find_iter(&body).map(|path| words(path.as_str())).collect();
            let files = uses.chain(inline).filter_map(|path| self.file_of(module, &path));
            let files = files.filter(|to| to != module && !self.folders.contains(to));
            (module.as_str(), files.collect())
        });
        imports.collect()
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn words(path: &str) -> Vec<String> {
    path.split("::").map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// The paths of a `use`: `a::{b, c::d}` → `a::b`, `a::c::d`.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((before, inner)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) else {
        return vec![words(tree.split(" as ").next().unwrap())];
    };
    let (mut found, mut depth, mut part) = (Vec::new(), 0, String::new());
    for character in inner.chars().chain([',']) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let whole = std::mem::take(&mut part);
                if !whole.trim().is_empty() {
                    let inner = paths(&whole).into_iter();
                    found.extend(inner.map(|path| [words(before), path].concat()));
                }
                continue;
            }
            _ => {}
        }
        part.push(character);
    }
    found
}

/// Every file from which a way of imports leads back to itself, with the files on a shortest one.
fn circles(imports: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for start in imports.keys() {
        let mut seen = BTreeSet::new();
        let mut ways = vec![vec![(*start).to_owned()]];
        while let Some(way) = (!ways.is_empty()).then(|| ways.remove(0)) {
            for next in imports.get(way.last().unwrap().as_str()).into_iter().flatten() {
                if next == start {
                    found.push(format!("{} → {start}", way.join(" → ")));
                    ways.clear();
                    break;
                }
                if seen.insert(next.clone()) {
                    ways.push([way.clone(), vec![next.clone()]].concat());
                }
            }
        }
    }
    found
}

#[test]
fn no_file_imports_itself_through_others() {
    let all = Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let imports = all.imports();
    assert!(imports.len() > 100, "only {} files were found", imports.len());
    assert_eq!(circles(&imports), Vec::<String>::new());
}

#[test]
fn a_circle_through_a_folder_is_found() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("lib.rs", "pub mod plan;\nmod gate;"),
        ("plan/mod.rs", "mod fleet;\nmod words;\npub use fleet::Fleet;"),
        ("plan/fleet.rs", "use super::words::{self, list};\npub struct Fleet;"),
        ("plan/words.rs", "fn list() { crate::gate::open() }"),
        ("gate.rs", "use crate::plan::{\n    Fleet,\n};\n// use crate::gate::x;"),
    ] {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let found = circles(&Crate::read(folder.path()).imports());
    let fleet = "crate::plan::fleet → crate::plan::words → crate::gate → crate::plan::fleet";
    assert!(found.contains(&fleet.to_owned()), "{found:#?}");
    assert_eq!(found.len(), 3);
}
