//! The frame of a page of predictions from a file of values.

use super::super::trust;
use super::Frame;
use crate::calendar::Calendar;
use crate::document::{Coverage, Note, Tone};
use crate::facts::LOOK_BACK;
use crate::measure::Catalog;
use crate::measure::spec::{Aggregate, Spec};
use crate::predict::values::Values;
use crate::report::words;

impl Frame {
    /// The frame of a file of values, which has no day of its own.
    pub fn of_values(title: &str, values: &Values) -> Self {
        let coverage = vec![Coverage {
            path: values.path.clone(),
            table: "values".to_owned(),
            crm: "generic".to_owned(),
            bytes: values.bytes,
            xxh3: values.xxh3.clone(),
            through: values.grid.range.map(|range| range.last.to_string()),
            read: values.read,
            used: values.used,
            left_out: values.left_out.iter().map(|(reason, n)| ((*reason).to_owned(), (*n).into())).collect(),
            refused: 0,
        }];
        Self {
            title: title.to_owned(),
            as_of: None,
            calendar: Calendar::default(),
            trust: vec![as_given(values), trust::read(&coverage, None)],
            coverage,
            diagnostics: Vec::new(),
        }
    }
}

/// What a file of values cannot tell, and exports can.
fn as_given(values: &Values) -> Note {
    let mut parts = vec![
        "the file does not say who was there when, who leads a team, or which weeks are whole for whom: they are tested as the file has them"
            .to_owned(),
    ];
    for series in values.grid.leads.iter().chain(&values.grid.lags) {
        let days = Catalog::shipped().iter().find(|spec| spec.name == series.name).map_or(0, looks_back);
        if days > 0 {
            let weeks = words::count(u64::from(days.div_ceil(7)), "week");
            parts.push(format!(
                "the first {weeks} of {} may not have their full look-back: predict on the exports leaves them out",
                series.says
            ));
        }
    }
    Note { label: "As given".to_owned(), tone: Tone::Plain, parts }
}

/// How many days a measure that ships looks back from a record, by itself or by what it is made of.
fn looks_back(spec: &Spec) -> u32 {
    let of = |names: &[&String]| {
        let found = Catalog::shipped().iter().filter(|other| other.name != spec.name && names.contains(&&other.name));
        found.map(looks_back).max().unwrap_or(0)
    };
    let parts = match &spec.value {
        Aggregate::Ratio(one, other) | Aggregate::Plus(one, other) => of(&[one, other]),
        Aggregate::Left(name) => of(&[name]),
        _ => 0,
    };
    let met = ["first_with_account", "first_with_contact"].iter().any(|column| spec.filter.text.contains(column));
    let own = spec.warm_up.unwrap_or(0).max(if met { LOOK_BACK.unsigned_abs() } else { 0 });
    own.max(parts)
}
