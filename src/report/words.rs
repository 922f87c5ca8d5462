//! How things are named in sentences: measures, periods, shares.

use super::Run;
use crate::calendar::{Day, Grain, Period};
use crate::document;

/// A measure's heading on one line, such as `new prospect meetings`.
pub(super) fn measure(run: &Run<'_>, name: &str) -> String {
    let label = run.catalog.spec(name).map_or(name, |s| s.label.as_str());
    document::unbroken(label.lines()).join(" ")
}

/// A period as a page says it: `W46` for a week.
pub(super) fn short(period: &Period) -> &str {
    match period.grain {
        Grain::Week => period.name.split_once('-').map_or(period.name.as_str(), |(_, week)| week),
        _ => &period.name,
    }
}

/// A period in a sentence: by its days where it has no name of its own.
pub(super) fn named(period: &Period) -> String {
    if period.grain == Grain::Range { span(period.range.first, period.range.last) } else { short(period).to_owned() }
}

/// A period's grain and name in a sentence: `W46`, `Q4`, `2026-11`.
pub(super) fn grain(grain: Grain) -> &'static str {
    match grain {
        Grain::Range => "range",
        grain => grain.name(),
    }
}

/// A currency in a sentence; amounts may be in none that anything names.
pub(super) fn currency(code: &str) -> &str {
    if code.is_empty() { "no currency" } else { code }
}

/// A share as a whole percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A day as `Sun 15 Nov`.
pub(super) fn day(day: Day) -> String {
    let (_, month, date) = day.ymd();
    format!("{} {date} {}", DAYS[day.weekday().index()], MONTHS[usize::from(month.unsigned_abs()).saturating_sub(1) % 12])
}

/// A day as `Sun 15 Nov 2026`.
pub(super) fn day_and_year(of: Day) -> String {
    format!("{} {}", day(of), of.ymd().0)
}

/// Days as `9–15 Nov 2026`, `26 Oct – 1 Nov 2026` or with both years.
pub(super) fn span(first: Day, last: Day) -> String {
    let ((y1, m1, d1), (y2, m2, d2)) = (first.ymd(), last.ymd());
    let month = |m: i8| MONTHS[usize::from(m.unsigned_abs()).saturating_sub(1) % 12];
    if first == last {
        format!("{d1} {} {y1}", month(m1))
    } else if (y1, m1) == (y2, m2) {
        format!("{d1}–{d2} {} {y1}", month(m1))
    } else if y1 == y2 {
        format!("{d1} {} – {d2} {} {y1}", month(m1), month(m2))
    } else {
        format!("{d1} {} {y1} – {d2} {} {y2}", month(m1), month(m2))
    }
}

/// A number of things: `1 deal`, `3 deals`.
pub(super) fn count(n: u64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A probability as `1 in 410`, never rarer than it is.
pub(super) fn once_in(chance: f64) -> String {
    const RAREST: f64 = 10_000.0;
    let times = 1.0 / chance;
    if times > RAREST { "less than 1 in 10000".to_owned() } else { format!("1 in {:.0}", times.floor()) }
}
