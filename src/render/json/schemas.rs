//! The JSON Schema of each document that is printed as JSON, which a person scripting against it reads.
//!
//! They are open: within a version keys may be added, and an old schema still takes the new document. `tests/it/schemas.rs` closes them, so
//! that a key that no schema describes is found.

/// The JSON Schema (draft 2020-12) of a document.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// Its name, such as `report`.
    pub name: &'static str,
    /// What the document's `schema` says, such as `leadlag/report/1`.
    pub id: &'static str,
    /// Which document it is of, in a few words for the help.
    pub says: &'static str,
    /// The schema itself, ending with a line break.
    pub text: &'static str,
}

macro_rules! schema {
    ($name:literal, $version:literal, $says:literal) => {
        Schema {
            name: $name,
            id: concat!("leadlag/", $name, "/", $version),
            says: $says,
            text: include_str!(concat!("schemas/", $name, ".schema.json")),
        }
    };
}

/// The schemas, in the order of the help: one file in `schemas/` and one line here each.
pub const SCHEMAS: &[Schema] = &[
    schema!("report", "1", "what leadlag report --format json writes"),
    schema!("check", "1", "what leadlag check --format json writes"),
    schema!("predict", "1", "what leadlag predict --format json writes"),
    schema!("gap", "1", "what leadlag gap --format json writes"),
    schema!("explain", "1", "what leadlag explain --format json writes"),
    schema!("inspect", "1", "what leadlag inspect --format json writes"),
    schema!("config", "1", "what leadlag inspect --config-origins --format json writes"),
];
