//! What one CRM spells in a way of its own, put plainly before cells are understood: ids with a prefix, flags that are words of another
//! column, amounts in cents.

use super::coded::Chain;
use super::fold::fold;
use super::part::Field;
use super::preset::Plain;
use crate::diagnostic::{Code, Diagnostic};
use crate::table::Words;

/// The place of a heading.
pub(super) fn place(headings: &[String], name: &str) -> Option<usize> {
    let wanted = fold(name);
    headings.iter().position(|heading| fold(heading) == wanted)
}

/// Puts the fields of a file plainly; gives what had to be assumed. `raw`: a heading as written, with its cells.
pub(super) fn apply(fields: &mut Vec<Field>, plain: &Plain, raw: impl Fn(&str) -> Option<(String, Words)>) -> Option<Diagnostic> {
    if let Some(prefix) = &plain.id_prefix {
        for field in fields.iter_mut().filter(|field| field.name == "id" || field.name.ends_with("_id")) {
            let bare = |word: &str| word.split(';').map(|id| id.trim().strip_prefix(prefix).unwrap_or(id)).collect::<Vec<_>>().join(";");
            if field.words.words().iter().any(|word| word.contains(prefix.as_str())) {
                rewrite(field, bare);
            }
        }
    }
    for (name, mark) in &plain.marks {
        let Some((heading, words)) = raw(&mark.heading) else { continue };
        let listed: Vec<String> = mark.words.iter().map(|word| fold(word)).collect();
        let mut flags = Chain::new(words.len());
        flags.or(&words, |word| listed.contains(&fold(word)).then_some("true"));
        let flags = flags.finish();
        match fields.iter_mut().find(|field| field.name == *name) {
            // A flag of its own stands.
            Some(field) => {
                let mut both = Chain::new(words.len());
                both.or(&field.words, Some);
                both.or(&flags, Some);
                field.words = both.finish();
            }
            None => fields.push(Field { name, heading, words: flags }),
        }
    }
    let cents = plain.cents.as_ref()?;
    let field = fields.iter_mut().find(|field| fold(&field.heading) == fold(&cents.heading))?;
    let shown = cents.shown_by.as_deref().and_then(&raw).map(|(_, words)| words);
    match in_cents(&field.words, shown.as_ref()) {
        Some(false) => None,
        sure => {
            rewrite(field, hundredths);
            sure.is_none().then(|| {
                let says =
                    format!("the amounts under '{}' are whole numbers and were read as cents, as the CRM's API gives them", field.heading);
                let diagnostic = Diagnostic::warning(Code::Assumed, says);
                match &cents.shown_by {
                    Some(other) => diagnostic.hint(format!("export '{other}' beside it, which shows whether that is so")),
                    None => diagnostic,
                }
            })
        }
    }
}

fn rewrite(field: &mut Field, spell: impl Fn(&str) -> String) {
    let words: Vec<String> = field.words.words().iter().map(&spell).collect();
    field.words = Words::from_codes(&words, (0..field.words.len()).map(|row| field.words.code(row).unwrap_or(u32::MAX)));
}

/// Whether a column of amounts counts cents; none where nothing but its whole numbers speaks for it. `shown`: the same amounts written out.
fn in_cents(amounts: &Words, shown: Option<&Words>) -> Option<bool> {
    if !amounts.words().iter().all(is_whole) {
        return Some(false);
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let shown = shown?;
    (0..amounts.len()).find_map(|row| {
        let (amount, written) = (digits(amounts.get(row)?), shown.get(row)?);
        let written = digits(written.split_once(' ').map_or(written, |(amount, _)| amount));
        let tells = amount.trim_start_matches('0').len() > 2 && !written.is_empty();
        // `$3,000` or `$3,000.00` for 300000, and for 3000 where they are no cents.
        let whole = amount == format!("{written}00");
        match (tells, whole, amount == written, shown.get(row)?.contains('.')) {
            (true, true, ..) | (true, _, true, true) => Some(true),
            (true, _, true, false) => Some(false),
            _ => None,
        }
    })
}

fn is_whole(word: &str) -> bool {
    let digits = word.trim().strip_prefix('-').unwrap_or(word.trim());
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A whole number of cents as an amount: 50005 is 500.05.
fn hundredths(word: &str) -> String {
    let (sign, digits) = word.trim().strip_prefix('-').map_or(("", word.trim()), |digits| ("-", digits));
    let padded = format!("{digits:0>3}");
    let (whole, cents) = padded.split_at(padded.len() - 2);
    format!("{sign}{whole}.{cents}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::preset::Preset;
    use super::*;

    fn words(texts: &[&str]) -> Words {
        Words::from_texts(texts.iter().map(|text| (!text.is_empty()).then_some(*text)))
    }

    fn texts(fields: &[Field], name: &str) -> Vec<String> {
        let field = fields.iter().find(|field| field.name == name).unwrap();
        (0..field.words.len()).map(|row| field.words.get(row).unwrap_or("").to_owned()).collect()
    }

    fn plain(keys: &str) -> Plain {
        let text = format!(
            "name = \"x\"\nlabel = \"X\"\nsays = \"X\"\nid_prefix = \"zcrm_\"\n[[table]]\nof = \"deals\"\nname = \"deals\"\n{keys}\n[table.fields]\nid = [\"Id\"]\n"
        );
        Preset::parse(&text, "x.toml").unwrap().tables[0].plain.clone()
    }

    #[test]
    fn ids_lose_their_prefix_and_names_keep_it() {
        let mut fields = vec![
            Field { name: "id", heading: "Record Id".into(), words: words(&["zcrm_1", "2", ""]) },
            Field { name: "contact_id", heading: "Contacts".into(), words: words(&["zcrm_7; zcrm_8", "", "9"]) },
            Field { name: "name", heading: "Name".into(), words: words(&["zcrm_1", "", ""]) },
        ];
        assert!(apply(&mut fields, &plain(""), |_| None).is_none());
        assert_eq!(texts(&fields, "id"), ["1", "2", ""]);
        assert_eq!(texts(&fields, "contact_id"), ["7;8", "", "9"]);
        assert_eq!(texts(&fields, "name"), ["zcrm_1", "", ""]);
    }

    #[test]
    fn a_word_of_another_heading_sets_a_flag_beside_the_flag_of_its_own() {
        let marks = plain("marks = { deleted = { heading = \"Deal - Status\", words = [\"Deleted\"] } }");
        let status = |_: &str| Some(("Deal - Status".to_owned(), words(&["deleted", "won", ""])));
        let mut fields = Vec::new();
        apply(&mut fields, &marks, status);
        assert_eq!(texts(&fields, "deleted"), ["true", "", ""]);
        let mut fields = vec![Field { name: "deleted", heading: "Gone".into(), words: words(&["", "true", "false"]) }];
        apply(&mut fields, &marks, status);
        assert_eq!(texts(&fields, "deleted"), ["true", "true", "false"]);
        let mut none = Vec::new();
        apply(&mut none, &marks, |_| None);
        assert!(none.is_empty());
    }

    #[test]
    fn cents_are_shown_by_the_amount_written_out_or_assumed_aloud() {
        let cents = plain("cents = { heading = \"value\", shown_by = \"value_formatted\" }");
        let read = |amounts: &[&str], shown: Option<&[&str]>| {
            let mut fields = vec![Field { name: "amount", heading: "value".into(), words: words(amounts) }];
            let said = apply(&mut fields, &cents, |_| shown.map(|texts| ("value_formatted".to_owned(), words(texts))));
            (texts(&fields, "amount"), said.map(|d| d.code))
        };
        let strings = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(read(&["300000", "5", "-250", ""], None), (strings(&["3000.00", "0.05", "-2.50", ""]), Some(Code::Assumed)));
        assert_eq!(read(&["300000", "0"], Some(&["$3,000", "$0"])), (strings(&["3000.00", "0.00"]), None));
        assert_eq!(read(&["300050", "0"], Some(&["$3,000.50", ""])), (strings(&["3000.50", "0.00"]), None));
        assert_eq!(read(&["50000"], Some(&["$500 monthly"])), (strings(&["500.00"]), None));
        assert_eq!(read(&["3000", "0"], Some(&["$3,000", "$0"])), (strings(&["3000", "0"]), None));
        assert_eq!(read(&["3000.5", "100"], None), (strings(&["3000.5", "100"]), None));
    }

    #[test]
    fn a_mark_names_a_field_of_its_table() {
        let text = "name = \"x\"\nlabel = \"X\"\nsays = \"X\"\n[[table]]\nof = \"deals\"\nname = \"d\"\nmarks = { delted = { heading = \"S\", words = [] } }\n[table.fields]\n";
        assert_eq!(Preset::parse(text, "x.toml").unwrap_err().message, "unknown field of deals `delted`");
    }
}
