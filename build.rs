//! Writes the presets, which are kept as TOML, as JSON: a program that starts reads that several times as fast.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const PRESETS: &str = "src/crm/presets";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PRESETS}");
    let out = env::var_os("OUT_DIR").ok_or("cargo names no folder to write to")?;
    for entry in fs::read_dir(PRESETS)? {
        let path = entry?.path();
        let (Some("toml"), Some(name)) = (path.extension().and_then(|end| end.to_str()), path.file_stem()) else { continue };
        let preset: toml::Table = toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        fs::write(Path::new(&out).join(name).with_extension("json"), serde_json::to_string(&preset)?)?;
    }
    Ok(())
}
