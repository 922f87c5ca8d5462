//! The names of months and weekdays in dates.

use super::super::fold::fold;

/// The months as English, German, French, Spanish, Portuguese, Italian, Dutch and Swedish exports write them, folded.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "janv", "janvier", "janner", "ene", "enero", "janeiro", "gen", "gennaio", "januari"],
    &["feb", "february", "februar", "fev", "fevr", "fevrier", "febrero", "fevereiro", "febbraio", "februari"],
    &["mar", "march", "marz", "mrz", "mars", "marzo", "marco", "maart", "mrt"],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "maio", "mag", "maggio", "mei", "maj"],
    &["jun", "june", "juni", "juin", "junio", "junho", "giu", "giugno"],
    &["jul", "july", "juli", "juil", "juillet", "julio", "julho", "lug", "luglio"],
    &["aug", "august", "aout", "ago", "agosto", "augustus", "augusti"],
    &["sep", "sept", "september", "septembre", "septiembre", "setiembre", "set", "setembro", "settembre"],
    &["oct", "october", "okt", "oktober", "octobre", "octubre", "out", "outubro", "ott", "ottobre"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &["dec", "december", "dez", "dezember", "decembre", "dic", "diciembre", "dezembro", "dicembre"],
];

/// The number of a month, from 1.
pub fn month(word: &str) -> Option<u32> {
    let word = fold(word);
    MONTHS.iter().position(|names| names.contains(&word.as_str())).map(|i| i as u32 + 1)
}

/// The days of the week as the same languages write them, folded; an English one may be cut short.
const WEEKDAYS: &[&[&str]] = &[
    &["mo", "montag", "lundi", "lun", "lunes", "segunda", "seg", "lunedi", "maandag", "ma", "mandag", "man"],
    &["di", "dienstag", "mardi", "mar", "martes", "terca", "ter", "martedi", "dinsdag", "tisdag", "tis"],
    &["mi", "mittwoch", "mercredi", "mer", "miercoles", "mie", "quarta", "qua", "mercoledi", "woensdag", "wo", "onsdag", "ons"],
    &["do", "donnerstag", "jeudi", "jeu", "jueves", "jue", "quinta", "qui", "giovedi", "gio", "donderdag", "torsdag", "tors"],
    &["fr", "freitag", "vendredi", "ven", "viernes", "vie", "sexta", "sex", "venerdi", "vrijdag", "vr", "fredag", "fre"],
    &["sa", "samstag", "sonnabend", "samedi", "sam", "sabado", "sab", "sabato", "zaterdag", "za", "lordag", "lor"],
    &["so", "sonntag", "dimanche", "dim", "domingo", "dom", "domenica", "zondag", "zo", "sondag", "son"],
];

/// Whether a word is a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    let word = fold(word);
    let english = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    english.iter().any(|day| word.len() >= 2 && day.starts_with(&word)) || WEEKDAYS.iter().any(|names| names.contains(&word.as_str()))
}
