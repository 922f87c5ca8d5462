#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

#[test]
fn every_shipped_preset_reads() {
    for file in ["salesforce", "hubspot", "generic"] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/crm/presets/");
        let text = std::fs::read_to_string(format!("{path}{file}.toml")).unwrap();
        let preset = Preset::parse(&text, file).unwrap_or_else(|d| panic!("{d:?}"));
        assert_eq!(preset.name, file);
    }
    assert_eq!(shipped().len(), 3);
}
