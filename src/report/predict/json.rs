//! The same for programs: an object of pairs, of what became of first meetings, and of the sample; and a row per pair.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use serde_json::{Map, Value as Json, json};

use super::says::Pair;
use super::usable;
use crate::calendar::Calendar;
use crate::document::{Coverage, Grid, GridCell};
use crate::predict::{Linkage, Panel, Within};
use crate::stats::lead::Verdict;

/// The columns of a pair in csv and tsv.
const COLUMNS: &[&str] = &[
    "lead",
    "lag",
    "unit",
    "verdict",
    "reason",
    "lead_weeks",
    "lead_from",
    "lead_to",
    "effect",
    "effect_lo",
    "effect_hi",
    "people",
    "weeks",
    "max_lag",
    "events",
    "swing",
    "detectable_share",
    "p",
    "p_adjusted",
    "z",
    "z_reverse",
    "z_same_week",
    "ahead",
    "starting",
];

/// All of it.
pub(super) fn grid(panel: &Panel, pairs: &[Pair<'_>], linkages: &[Linkage], coverage: &[Coverage], calendar: &Calendar) -> Grid {
    let mut about = Map::new();
    about.insert("sample".to_owned(), sample(panel));
    about.insert("pairs".to_owned(), pairs.iter().map(|pair| of_pair(pair, calendar)).collect());
    about.insert("linkage".to_owned(), linkages.iter().map(linked).collect());
    about.insert("coverage".to_owned(), json!(coverage));
    Grid { name: "", columns: COLUMNS.to_vec(), rows: pairs.iter().map(|pair| row(pair, calendar)).collect(), about }
}

fn sample(panel: &Panel) -> Json {
    let not_usable =
        usable::lost(panel).into_iter().map(|lost| json!({ "name": lost.name, "lead": lost.lead, "lag": lost.lag, "reason": lost.why }));
    json!({
        "people": panel.grid.people.len(),
        "usable": panel.results.usable.iter().filter(|usable| **usable).count(),
        "weeks": panel.grid.weeks.len(),
        "from": panel.grid.weeks.first(),
        "to": panel.grid.weeks.last(),
        "cuts": panel.grid.cuts,
        "not_usable": not_usable.collect::<Vec<_>>(),
    })
}

/// Why nothing can be said, where that is so.
fn reason(pair: &Pair<'_>, calendar: &Calendar) -> Option<String> {
    (pair.tested.verdict == Verdict::TooLittleData).then(|| pair.lacks(calendar))
}

fn of_pair(pair: &Pair<'_>, calendar: &Calendar) -> Json {
    let evidence = pair.evidence();
    let number = |of: fn(&crate::stats::lead::Evidence) -> f64| evidence.map(of);
    let lead = evidence.and_then(|evidence| evidence.lead);
    let effect = evidence.and_then(|evidence| evidence.effect);
    json!({
        "lead": pair.lead.name,
        "lag": pair.lag.name,
        "unit": pair.lag.unit.to_string(),
        "verdict": pair.tested.verdict.words(),
        "reason": reason(pair, calendar),
        "p": number(|e| e.p),
        "p_adjusted": number(|e| e.p_adjusted),
        "z": number(|e| e.z),
        "z_reverse": number(|e| e.z_reverse),
        "z_same_week": number(|e| e.z_same_week),
        "ahead": evidence.map(|e| e.ahead),
        "starting": evidence.map(|e| e.starting),
        "lead_weeks": lead.map(|lead| lead.weeks),
        "lead_range": lead.map(|lead| [lead.first, lead.last]),
        "effect": effect.map(|effect| json!({ "per_activity": effect.per_activity, "lo": effect.lo, "hi": effect.hi })),
        "people": pair.people(),
        "weeks": pair.known.weeks,
        "max_lag": pair.max_lag(),
        "events": pair.tested.events,
        "swing": number(|e| e.swing),
        "detectable_share": number(|e| e.detectable_share),
        "by_lag": evidence.map(|e| e.by_lag.clone()),
    })
}

fn row(pair: &Pair<'_>, calendar: &Calendar) -> Vec<Option<GridCell>> {
    let text = |words: &str| Some(GridCell::Text(words.to_owned()));
    let evidence = pair.evidence();
    let number = |x: Option<f64>| x.and_then(Decimal::from_f64).map(GridCell::Number);
    let count = |n: Option<usize>| n.map(|n| GridCell::Number(Decimal::from(n)));
    let flag = |of: Option<bool>| of.and_then(|of| text(if of { "true" } else { "false" }));
    let lead = evidence.and_then(|evidence| evidence.lead);
    let effect = evidence.and_then(|evidence| evidence.effect);
    vec![
        text(&pair.lead.name),
        text(&pair.lag.name),
        text(&pair.lag.unit.to_string()),
        text(pair.tested.verdict.words()),
        reason(pair, calendar).map(GridCell::Text),
        count(lead.map(|lead| lead.weeks)),
        count(lead.map(|lead| lead.first)),
        count(lead.map(|lead| lead.last)),
        number(effect.map(|effect| effect.per_activity)),
        number(effect.map(|effect| effect.lo)),
        number(effect.map(|effect| effect.hi)),
        count(Some(pair.people())),
        count(Some(pair.known.weeks)),
        count(Some(pair.max_lag())),
        count(Some(pair.tested.events)),
        number(evidence.map(|e| e.swing)),
        number(evidence.map(|e| e.detectable_share)),
        number(evidence.map(|e| e.p)),
        number(evidence.map(|e| e.p_adjusted)),
        number(evidence.map(|e| e.z)),
        number(evidence.map(|e| e.z_reverse)),
        number(evidence.map(|e| e.z_same_week)),
        flag(evidence.map(|e| e.ahead)),
        flag(evidence.map(|e| e.starting)),
    ]
}

fn within(within: &Within) -> Json {
    json!({ "weeks": within.weeks, "share": within.share, "lo": within.lo, "hi": within.hi, "known": within.known })
}

fn linked(linkage: &Linkage) -> Json {
    let cohorts = linkage.cohorts.iter().map(|cohort| {
        let shares: Vec<Option<Json>> = cohort.within.iter().map(|found| found.as_ref().map(within)).collect();
        json!({ "period": cohort.period, "accounts": cohort.accounts, "won": cohort.won, "within": shares })
    });
    let curve = linkage.curve.iter().map(|point| json!({ "weeks": point.at, "share": point.share, "lo": point.lo, "hi": point.hi }));
    json!({
        "lead": linkage.lead,
        "first": linkage.first.to_string(),
        "through": linkage.through.to_string(),
        "accounts": linkage.accounts,
        "won": linkage.won,
        "within": linkage.within.iter().map(within).collect::<Vec<_>>(),
        "half": linkage.half,
        "cohorts": cohorts.collect::<Vec<_>>(),
        "longest": linkage.longest,
        "curve": curve.collect::<Vec<_>>(),
        "cuts": linkage.cuts,
    })
}
