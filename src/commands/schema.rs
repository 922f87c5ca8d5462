//! `leadlag schema`.

use std::fmt::Write as _;

use clap::Args as ClapArgs;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::{Done, output};
use crate::render::SCHEMAS;

/// Print the JSON Schema of what --format json writes; without a name, list all schemas.
///
/// A schema says what each key means, which values it can have, and what is always there. Scripts can rely on it: within a version nothing
/// is renamed, removed or given another meaning, though keys may be added.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The document: its name, or what it says of itself under "schema"
    #[arg(value_parser = names())]
    pub name: Option<String>,
}

const EXAMPLES: &str = "Examples:
  leadlag schema                              the schemas that there are
  leadlag schema report > report.schema.json
  leadlag schema leadlag/report/1";

fn names() -> PossibleValuesParser {
    SCHEMAS.iter().map(|schema| PossibleValue::new(schema.name).alias(schema.id).help(schema.says)).collect::<Vec<_>>().into()
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Done {
    let text = match &args.name {
        Some(name) => SCHEMAS.iter().filter(|schema| [schema.name, schema.id].contains(&name.as_str())).map(|schema| schema.text).collect(),
        None => list(),
    };
    output::put(text.as_bytes(), None)?;
    Ok(Vec::new())
}

/// A line for each schema: its name, what its document says of itself, which document that is.
fn list() -> String {
    let widest = |of: fn(&crate::render::Schema) -> &str| SCHEMAS.iter().map(|schema| of(schema).len()).max().unwrap_or(0);
    let (name, id) = (widest(|schema| schema.name), widest(|schema| schema.id));
    let mut out = String::new();
    for schema in SCHEMAS {
        // A String takes what is written to it.
        let _ = writeln!(out, "{:name$}  {:id$}  {}", schema.name, schema.id, schema.says);
    }
    out
}
