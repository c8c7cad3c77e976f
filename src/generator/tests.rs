//! A change is generated as a whole: its files are those of the worked example.

use std::fs;
use std::path::Path;

use super::*;
use crate::manifest::Folders;
use crate::model::{Identifier, Release};
use crate::releases::sample::rename;
use crate::releases::{Migration, Releases, write_all};

fn request(column: &str, to: &str, release: Option<Release>) -> RenameRequest {
    RenameRequest {
        column: column.parse().unwrap(),
        to: Identifier::new(to).unwrap(),
        release,
        contract_release: None,
        in_place: false,
        now: 20_261_121_093_000,
    }
}

fn generate(
    request: &RenameRequest,
    migrations: &[Migration],
) -> Result<Generated, GeneratorError> {
    let (folders, templates) = (Folders::default(), Templates::embedded());
    let ids = &migrations.iter().map(|migration| migration.id).collect();
    let context = Context { folders: &folders, migrations, ids, templates: &templates };
    generate_rename(request, &context)
}

#[test]
fn the_worked_example_is_what_is_generated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let release = Some(Release::new(9, 0, 0));
    let generated = generate(&request("users.username", "handle", release), &[]).unwrap();
    assert_eq!(generated.files.len(), 3);
    for (path, text) in &generated.files {
        let there = fs::read_to_string(root.join(path)).unwrap();
        assert_eq!(&there, text, "{}", path.display());
    }
    let found = Releases::discover(root, &Folders::default()).unwrap();
    let found: Vec<_> = found.files().iter().map(|file| file.path.clone()).collect();
    let files: Vec<_> = generated.files.into_iter().map(|(path, _)| path).collect();
    assert_eq!(found, files);
}

#[test]
fn without_a_release_the_files_are_unreleased_and_can_be_written_and_read() {
    let root = tempfile::tempdir().unwrap();
    let generated = generate(&request("users.username", "handle", None), &[]).unwrap();
    write_all(root.path(), &generated.files).unwrap();
    let releases = Releases::discover(root.path(), &Folders::default()).unwrap();
    assert!(releases.problems().is_empty());
    let migrations = releases.load(&|_| None).unwrap();
    assert!(migrations.iter().all(|migration| migration.release.is_none()));
    assert_eq!(migrations[2].change(), Some(&generated.change));
    // Another one at the same second gets other ids.
    let other = generate(&request("users.email", "mail", None), &migrations).unwrap();
    let path = other.files[0].0.display().to_string();
    assert_eq!(path, "unreleased/20261121093003_rename_users_email_to_mail.expand.yml");
}

#[test]
fn the_contract_is_in_a_later_release() {
    let with = |release: Option<&str>, contract: Option<&str>| {
        let request = RenameRequest {
            release: release.map(|text| text.parse().unwrap()),
            contract_release: contract.map(|text| text.parse().unwrap()),
            ..request("users.username", "handle", None)
        };
        match generate(&request, &[]) {
            Ok(generated) => Ok(generated.files[2].0.display().to_string()),
            Err(error) => {
                assert!(error.hint().is_some());
                Err(error.to_string())
            }
        }
    };
    for (release, contract, folder) in [
        ("9.0.0", None, "9.0.1"),
        ("9.0.0-rc.1", None, "9.0.1"),
        ("9.9.0", Some("10.0.0"), "10.0.0"),
    ] {
        let path = with(Some(release), contract).unwrap();
        assert!(path.starts_with(&format!("release_migrations/{folder}/")), "{path}");
    }
    for contract in ["9.0.0", "9.0.0-rc.1", "8.0.0"] {
        let error = with(Some("9.0.0"), Some(contract)).unwrap_err();
        assert!(error.contains("it must be later than 9.0.0"), "{error}");
    }
    assert!(with(None, Some("9.0.1")).unwrap_err().contains("but none for its expand"));
}

#[test]
fn unfit_names_are_refused() {
    for (to, expect) in [
        ("username".to_owned(), Some("it already has that name")),
        ("UserName".to_owned(), Some("treats both names as one")),
        ("h".repeat(63), None),
        ("h".repeat(64), Some("PostgreSQL (at most 63 bytes) would cut")),
        ("é".repeat(32), Some("PostgreSQL (at most 63 bytes) would cut")),
        ("h".repeat(65), Some("PostgreSQL (at most 63 bytes) and MariaDB (at most 64 char")),
    ] {
        let result = generate(&request("users.username", &to, None), &[]);
        match expect {
            None => assert!(result.is_ok(), "{to}"),
            Some(expect) => {
                let error = result.unwrap_err();
                assert!(error.hint().is_some());
                assert!(error.to_string().contains(expect), "{error}");
            }
        }
    }
}

#[test]
fn a_column_that_another_change_uses_is_refused() {
    let migrations = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
    let go = |column: &str, to: &str, release: Option<Release>| {
        generate(&request(column, to, release), &migrations)
    };
    let error = go("users.handle", "nick", Some(Release::new(9, 0, 1))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "this change does not go beside the other ones: `users.handle -> nick`"
    );
    assert!(error.hint().unwrap().contains("a later release than the other's contract"));
    assert!(go("users.email", "handle", Some(Release::new(9, 0, 0))).is_err());
    assert!(go("users.handle", "nick", Some(Release::new(9, 1, 0))).is_ok());
    // The same rename again, after someone made the column anew.
    let again = go("users.username", "handle", Some(Release::new(9, 1, 0))).unwrap();
    assert_eq!(again.change.name.as_str(), "rename_users_username_to_handle_2");
}
