use super::*;
#[test]
fn scratch() {
    let file = std::env::var("SCRATCH").unwrap_or_default();
    for line in std::fs::read_to_string(file).unwrap_or_default().lines() {
        let Some((tag, sql)) = line.split_once(' ') else { continue };
        let dialect = match &tag[..1] {
            "s" => Dialect::Sqlite,
            "p" => Dialect::Postgres,
            _ => Dialect::Mysql,
        };
        let state = match &tag[1..2] {
            "0" => State::Pending,
            "1" => State::DualWrite,
            "2" => State::ReadTo,
            "3" => State::WriteTo,
            _ => State::Contracted,
        };
        println!("{sql}");
        match sent(state, dialect, sql) {
            Ok((sql, values)) => println!(
                "    {tag} => {sql} {}",
                values.map(|v| format!("{v:?}")).unwrap_or_default()
            ),
            Err(error) => println!("    {tag} !! {error}"),
        }
    }
}
