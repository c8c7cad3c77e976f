//! The layout is the architecture: what ARCHITECTURE.md says of the floors is checked here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up. A floor imports only floors below it.
const FLOORS: [&str; 10] = [
    "model",
    "manifest",
    "database",
    "releases",
    "plan",
    "generator",
    "fleet",
    "migrator",
    "shim",
    "cli",
];

/// These stand side by side: neither imports the other.
const APART: [(&str, &str); 1] = [("shim", "migrator")];

/// Without sea-orm, so that they are decisions and nothing else.
const PURE: [&str; 6] =
    ["model/", "manifest/", "plan/", "generator/", "shim/mapping", "shim/rewrite/"];

/// Names that say nothing.
const VAGUE: [&str; 6] = ["util", "utils", "helper", "helpers", "manager", "common"];

/// The rooms of the rewriter from the ground up. A file imports only from its own room and rooms
/// below it.
const ROOMS: [&str; 7] = ["grammar", "source", "parse", "resolve", "read", "write", "utility"];

/// Two rooms that stand side by side.
const ROOMS_APART: (&str, &str) = ("utility", "write");

/// Rooms in which there is no walk through a tree yet.
const ROOMS_BEFORE_THE_WALK: [&str; 3] = ["grammar", "source", "parse"];

struct Source {
    /// Relative to `src`, with `/`.
    path: String,
    text: String,
    /// The text before the tests that stand in the file.
    product: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                sources.push(Source { path: name, text, product });
            }
        }
    }
    assert!(sources.len() > 100, "only {} sources were found", sources.len());
    sources
}

fn is_test(source: &Source) -> bool {
    let path = &source.path;
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/sample.rs")
}

/// The names that `src/lib.rs` passes on, as `crate::Shim`, each with its floor.
fn facade() -> Vec<(&'static str, String)> {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let lib = fs::read_to_string(lib).unwrap();
    let mut found = Vec::new();
    for line in lib.lines() {
        let Some((floor, names)) =
            line.strip_prefix("pub use ").and_then(|path| path.split_once("::"))
        else {
            continue;
        };
        let floor = FLOORS.into_iter().find(|known| *known == floor).unwrap();
        let names = names.split(['{', '}', ',', ';', ' ']).filter(|name| !name.is_empty());
        found.extend(names.map(|name| (floor, name.to_owned())));
    }
    found
}

/// Every floor that the text names as `crate::FLOOR` or inside `use crate::{…}`, or of which it names
/// something that the façade passes on.
fn imports(text: &str) -> Vec<&'static str> {
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let named = |name: &str| {
        code.match_indices("crate::").any(|(at, _)| {
            let rest = &code[at + "crate::".len()..];
            let group = rest.strip_prefix('{').and_then(|rest| rest.split("};").next());
            let names = |text: &str| {
                text.strip_prefix(name).is_some_and(|after| {
                    !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                })
            };
            names(rest) || group.is_some_and(|group| group.split([',', ' ', '\n']).any(names))
        })
    };
    let facade = facade();
    let passed_on = |floor: &str| facade.iter().any(|(of, name)| *of == floor && named(name));
    FLOORS.into_iter().filter(|floor| named(floor) || passed_on(floor)).collect()
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((floor, _)) = source.path.split_once('/') else { continue };
        let height = FLOORS.iter().position(|known| *known == floor);
        let height = height.unwrap_or_else(|| panic!("src/{floor} is no floor of the design"));
        for imported in imports(&source.text) {
            let there = FLOORS.iter().position(|known| *known == imported).unwrap();
            let apart = APART.contains(&(floor, imported));
            if there > height || apart {
                wrong.push(format!("{} imports {imported}", source.path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_import_scan_finds_what_it_is_for() {
    assert_eq!(imports("use crate::{cli, model::State};"), ["model", "cli"]);
    assert_eq!(imports("// crate::cli\ncrate::shim::Shim;"), ["shim"]);
    assert_eq!(imports("/// see crate::cli\nuse crate::models;"), Vec::<&str>::new());
    assert_eq!(imports("use crate::Shim;"), ["shim"]);
    assert_eq!(imports("use crate::{Dialect, ShimError};"), ["database", "shim"]);
}

/// Every room of the rewriter that the text names as `rewrite::ROOM` or inside `rewrite::{…}`; in the
/// declarations of a room, whose parent is the rewriter, as `super::ROOM` too.
fn rooms(text: &str, declares_room: bool) -> Vec<&'static str> {
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let parents: &[&str] = if declares_room { &["rewrite::", "super::"] } else { &["rewrite::"] };
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let is_named = |room: &str| {
        parents.iter().any(|parent| {
            code.match_indices(parent).any(|(at, _)| {
                let rest = &code[at + parent.len()..];
                let named = rest.strip_prefix('{').and_then(|group| group.split("};").next());
                match named {
                    Some(group) => group.split(|c| !word(c)).any(|name| name == room),
                    None => rest.split(|c| !word(c)).next() == Some(room),
                }
            })
        })
    };
    ROOMS.into_iter().filter(|room| is_named(room)).collect()
}

#[test]
fn the_rewriters_rooms_import_in_one_direction() {
    let mut seen = Vec::new();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !is_test(source)) {
        let Some(path) = source.path.strip_prefix("shim/rewrite/") else { continue };
        let Some((room, file)) = path.split_once('/') else { continue };
        let height = ROOMS.iter().position(|known| *known == room);
        let height = height.unwrap_or_else(|| panic!("shim/rewrite/{room} is no room of the map"));
        for imported in rooms(&source.product, file == "mod.rs") {
            let there = ROOMS.iter().position(|known| *known == imported).unwrap();
            if there > height || (room, imported) == ROOMS_APART {
                wrong.push(format!("{path} imports {imported}"));
            }
            seen.push((room.to_owned(), imported));
        }
        // A way around the names that are looked for.
        if source.product.contains("super::super") {
            wrong.push(format!("{path} goes by super::super"));
        }
        if ROOMS_BEFORE_THE_WALK.contains(&room) && source.product.contains("Rewriter") {
            wrong.push(format!("{path} knows the walk"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(seen.contains(&("write".to_owned(), "read")), "the scan finds nothing");
}

#[test]
fn the_scan_for_rooms_finds_what_it_is_for() {
    let found = |text| rooms(text, false);
    assert_eq!(found("use crate::shim::rewrite::write::Target;"), ["write"]);
    assert_eq!(found("use crate::shim::rewrite::{read::Naming, Result};"), ["read"]);
    assert_eq!(found("// rewrite::write\nuse crate::shim::rewrite::reader;"), Vec::<&str>::new());
    assert_eq!(rooms("pub(crate) use super::utility::X;", true), ["utility"]);
}

#[test]
fn decisions_know_no_database() {
    for source in sources().iter().filter(|source| !is_test(source)) {
        let pure = PURE.iter().any(|floor| source.path.starts_with(floor));
        assert!(!pure || !source.product.contains("sea_orm"), "{} uses sea_orm", source.path);
    }
}

/// The fuzz targets take the rewriter in with what it stands on and nothing else. They are not built
/// in each run, so once they did not compile for a day.
#[test]
fn what_is_fuzzed_stands_by_itself() {
    let taken = |path: &str| {
        path.starts_with("model/")
            || path.starts_with("shim/rewrite/")
            || ["shim/mapping.rs", "database/dialect.rs"].contains(&path)
    };
    for source in sources().iter().filter(|source| taken(&source.path)) {
        let others = imports(&source.product)
            .into_iter()
            .find(|floor| !["model", "database", "shim"].contains(floor));
        assert_eq!(others, None, "{}", source.path);
    }
}

#[test]
fn only_the_releases_floor_touches_the_projects_files() {
    for source in sources().iter().filter(|source| !is_test(source)) {
        // The lock of the runner is a file beside the database, not one of the project's.
        let may = source.path.starts_with("releases/") || source.path == "database/lock.rs";
        assert!(may || !source.product.contains("std::fs"), "{} uses std::fs", source.path);
    }
}

#[test]
fn only_the_report_prints() {
    for source in sources().iter().filter(|source| !is_test(source)) {
        let prints = source.product.lines().any(|line| {
            let line = line.trim_start();
            !line.starts_with("//") && (line.contains("println!") || line.contains("print!("))
        });
        assert!(!prints || source.path.starts_with("cli/report/"), "{} prints", source.path);
    }
}

#[test]
fn mod_files_only_declare() {
    for source in sources().iter().filter(|source| source.path.ends_with("/mod.rs")) {
        if is_test(source) {
            continue;
        }
        for line in source.text.lines() {
            let words = ["//", "mod ", "pub mod ", "pub use ", "pub(", "use ", "#[", "}", " ", ")"];
            let declares = line.is_empty() || words.iter().any(|word| line.starts_with(word));
            let defines = line.contains(" fn ") || line.contains("struct ");
            assert!(declares && !defines, "{}: {line}", source.path);
        }
    }
}

#[test]
fn files_are_small_and_named_for_what_they_do() {
    let mut large = BTreeMap::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > 500 {
            large.insert(source.path.clone(), lines);
        }
        let parts = source.path.trim_end_matches(".rs").split('/');
        for part in parts {
            assert!(!VAGUE.contains(&part), "{}: `{part}` says nothing", source.path);
        }
    }
    assert_eq!(large, BTreeMap::new());
}

#[test]
fn the_map_in_the_architecture_page_names_every_floor() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    let page = fs::read_to_string(page).unwrap();
    for floor in FLOORS {
        assert!(page.contains(&format!("`{floor}/`")), "ARCHITECTURE.md does not map {floor}");
    }
}
