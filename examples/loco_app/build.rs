//! Cargo compiles again when a migration has come, and git may have left out a folder that is empty.

fn main() -> std::io::Result<()> {
    for folder in ["release_migrations", "unreleased"] {
        std::fs::create_dir_all(folder)?;
        println!("cargo::rerun-if-changed={folder}");
    }
    Ok(())
}
