//! Writes the presets, which are kept as TOML, as JSON with their headings folded: a program that starts reads that several times as fast.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use toml::Value;

#[path = "src/table/fold.rs"]
#[allow(dead_code, unreachable_pub)]
mod fold;

const PRESETS: &str = "src/crm/presets";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PRESETS}");
    println!("cargo::rerun-if-changed=src/table/fold.rs");
    let out = env::var_os("OUT_DIR").ok_or("cargo names no folder to write to")?;
    for entry in fs::read_dir(PRESETS)? {
        let path = entry?.path();
        let (Some("toml"), Some(name)) = (path.extension().and_then(|end| end.to_str()), path.file_stem()) else { continue };
        let mut preset: toml::Table =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        fold_headings(&mut preset);
        fs::write(Path::new(&out).join(name).with_extension("json"), serde_json::to_string(&preset)?)?;
    }
    Ok(())
}

/// Folds the headings of a preset and of its tables; a `*` at the end of one that lists all that begin so stays.
fn fold_headings(preset: &mut toml::Table) {
    for (key, value) in preset {
        match (key.as_str(), value) {
            ("known" | "utc_if", headings) => fold_all(headings),
            ("fields", Value::Table(fields)) => fields.iter_mut().for_each(|(_, headings)| fold_all(headings)),
            ("table", Value::Array(tables)) => tables.iter_mut().filter_map(Value::as_table_mut).for_each(fold_headings),
            _ => {}
        }
    }
}

fn fold_all(headings: &mut Value) {
    for heading in headings.as_array_mut().into_iter().flatten() {
        if let Value::String(text) = heading {
            let star = if text.ends_with('*') { "*" } else { "" };
            *text = fold::fold(text) + star;
        }
    }
}
