//! Headings as presets have them.

use std::borrow::Cow;

use serde::Deserialize;

use crate::crm::fold::fold;

/// A heading or the name of a field: as it is written in a user's own preset, or as it stands in one that ships.
pub(super) trait Written: AsRef<str> + Clone + Ord {
    /// The heading as compared, without the `*` at the end of one that lists all that begin so; and whether it had one.
    fn folded(&self) -> (Cow<'static, str>, bool);
}

impl Written for String {
    fn folded(&self) -> (Cow<'static, str>, bool) {
        (Cow::Owned(fold(self)), self.ends_with('*'))
    }
}

/// A text that ships, whose headings `build.rs` has folded: it lives as long as the program, and is not copied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub(super) struct Shipped<'a>(#[serde(borrow)] Cow<'a, str>);

impl AsRef<str> for Shipped<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Written for Shipped<'static> {
    fn folded(&self) -> (Cow<'static, str>, bool) {
        match &self.0 {
            Cow::Borrowed(text) => text.strip_suffix('*').map_or((Cow::Borrowed(*text), false), |start| (Cow::Borrowed(start), true)),
            Cow::Owned(text) => text.folded(),
        }
    }
}
