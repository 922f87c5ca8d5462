//! The names of months and weekdays in dates.

use super::super::fold::fold;

/// The months as English, German, French, Spanish, Portuguese, Italian and Dutch exports write them, folded.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "janv", "janvier", "ene", "enero", "janeiro", "gen", "gennaio", "januari"],
    &["feb", "february", "februar", "fev", "fevr", "fevrier", "febrero", "fevereiro", "febbraio", "februari"],
    &["mar", "march", "marz", "mrz", "mars", "marzo", "marco", "maart", "mrt"],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "maio", "mag", "maggio", "mei"],
    &["jun", "june", "juni", "juin", "junio", "junho", "giu", "giugno"],
    &["jul", "july", "juli", "juil", "juillet", "julio", "julho", "lug", "luglio"],
    &["aug", "august", "aout", "ago", "agosto", "augustus"],
    &["sep", "sept", "september", "septembre", "septiembre", "set", "setembro", "settembre"],
    &["oct", "october", "okt", "oktober", "octobre", "octubre", "out", "outubro", "ott", "ottobre"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &["dec", "december", "dez", "dezember", "decembre", "dic", "diciembre", "dezembro", "dicembre"],
];

/// The number of a month, from 1.
pub fn month(word: &str) -> Option<u32> {
    let word = fold(word);
    MONTHS.iter().position(|names| names.contains(&word.as_str())).map(|i| i as u32 + 1)
}

/// Whether a word is a day of the week, in English or the two letters of German.
pub(super) fn is_weekday(word: &str) -> bool {
    let word = fold(word);
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|day| word.len() >= 2 && day.starts_with(&word))
        || ["mo", "di", "mi", "do", "fr", "sa", "so"].contains(&word.as_str())
}
