//! The programs in `examples/`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The program of an example. `cargo test` builds it beforehand, unless it was asked for some tests
/// alone.
pub fn example(name: &str) -> PathBuf {
    static BUILT: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let folder = Path::new(env!("CARGO_BIN_EXE_handover")).parent().unwrap();
    let mut built = BUILT.lock().unwrap();
    if !built.iter().any(|done| done == name) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--quiet", "--locked", "--example", name, "--target-dir"])
            .arg(folder.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        for (feature, enabled) in [
            ("failpoints", cfg!(feature = "failpoints")),
            ("mock", cfg!(feature = "mock")),
            ("schema-sync", cfg!(feature = "schema-sync")),
            ("entity-registry", cfg!(feature = "entity-registry")),
            ("sea-orm-migration", cfg!(feature = "sea-orm-migration")),
            ("runtime-tokio-native-tls", cfg!(feature = "runtime-tokio-native-tls")),
        ] {
            if enabled {
                cargo.args(["--features", feature]);
            }
        }
        assert!(cargo.status().unwrap().success(), "the example does not build");
        built.push(name.to_owned());
    }
    folder.join("examples").join(name)
}
