//! Each link within the repository leads to a file that is there, and to a heading that is in it.

use std::fs;
use std::path::Path;

use regex::Regex;

use super::page::{anchors, files, links, pages, root};

/// The links of a page that lead nowhere.
fn broken(page: &Path, text: &str) -> Vec<String> {
    let elsewhere = Regex::new("^[a-z]+:").unwrap();
    let mut broken = Vec::new();
    for link in links(text) {
        if elsewhere.is_match(&link) {
            continue;
        }
        let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
        let target = if file.is_empty() {
            root().join(page)
        } else {
            root().join(page).parent().unwrap().join(file)
        };
        let found = if anchor.is_empty() {
            target.exists()
        } else if file.is_empty() {
            anchors(text).iter().any(|known| known == anchor)
        } else {
            let text = fs::read_to_string(&target).unwrap_or_default();
            anchors(&text).iter().any(|known| known == anchor)
        };
        if !found {
            broken.push(format!("{}: {link}", page.display()));
        }
    }
    broken
}

#[test]
fn every_link_leads_somewhere() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        count += links(&text).len();
        wrong.extend(broken(&page, &text));
    }
    assert!(count > 60, "only {count} links were found");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = "# One\n\n[a](protocol.md) [b](protocol.md#2-rules) [c](#one) [d](https://example.com)\n\
                [e](gone.md) [f](protocol.md#gone) [g](#gone) ![h](gone.svg)\n\
                `[i](code.md)`\n\n```text\n[j](block.md)\n```\n\n[k]: gone.txt\n";
    let page = broken(Path::new("docs/explanation/page.md"), page);
    let links: Vec<_> = page.iter().map(|line| line.split_once(": ").unwrap().1).collect();
    assert_eq!(links, ["gone.md", "protocol.md#gone", "#gone", "gone.svg", "gone.txt"]);
}

#[test]
fn the_index_names_every_page() {
    let index = fs::read_to_string(root().join("docs/README.md")).unwrap();
    let links = links(&index);
    for page in files("docs", "md") {
        let page = page.strip_prefix("docs").unwrap().to_str().unwrap().replace('\\', "/");
        assert!(page == "README.md" || links.contains(&page), "docs/README.md lacks {page}");
    }
}

#[test]
fn every_page_that_the_code_names_is_there() {
    let page = Regex::new(r"\bdocs/[a-z/-]+\.(?:md|svg)\b").unwrap();
    let mut named = 0;
    for file in ["src", "tests", "benches", "examples"].iter().flat_map(|dir| files(dir, "rs")) {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        for found in
            page.find_iter(&text).filter(|found| found.as_str() != "docs/explanation/page.md")
        {
            named += 1;
            let there = root().join(found.as_str()).exists();
            assert!(there, "{} names {}", file.display(), found.as_str());
        }
    }
    assert!(named > 15, "only {named} mentions were found");
}
