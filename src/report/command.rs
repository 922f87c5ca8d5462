//! Commands that can be copied from a page into a shell.

use std::borrow::Cow;

use crate::calendar::{Grain, Period};
use crate::measure::Level;

/// A text as one word of a POSIX shell, which runs nothing of it and expands nothing in it.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // A backslash and a history mark mean something between double quotes too.
    if !text.contains(['"', '$', '`', '\\', '!']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The command that shows the records behind a measure's value in a period; `inputs` are words of a shell that name what is read.
pub(super) fn explain(measure: &str, inputs: &[String], who: Option<(Level, &str)>, period: &Period) -> String {
    let mut command = vec![Cow::Borrowed("leadlag explain"), Cow::Borrowed(measure)];
    command.extend(inputs.iter().map(|word| Cow::Borrowed(word.as_str())));
    let option = match who {
        Some((Level::Owner, name)) => Some(("--owner", name)),
        Some((Level::Team, name)) => Some(("--team", name)),
        Some((Level::All, _)) | None => None,
    };
    if let Some((option, name)) = option {
        // A name that begins like an option would be taken for one.
        let between = if name.starts_with('-') { "=" } else { " " };
        command.push(Cow::Owned(format!("{option}{between}{}", word(name))));
    }
    let (name, range) = (&period.name, period.range);
    command.push(Cow::Owned(match period.grain {
        Grain::Week => format!("--week {name}"),
        Grain::Month => format!("--month {name}"),
        Grain::All => "--period all".to_owned(),
        Grain::Range => format!("--from {} --to {}", range.first, range.last),
        grain => format!("--period {} --from {} --to {}", grain.name(), range.first, range.last),
    }));
    command.join(" ")
}
