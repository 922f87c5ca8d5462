//! Stage history inside a table of deals: a column per stage, whose cells say when the deal entered it.

use super::fold::fold;
use super::part::Field;
use crate::table::{Lines, Words, WordsBuilder};

/// The history as rows of its own.
pub(super) struct History {
    /// The line of the deal that each row is of.
    pub(super) line: Lines,
    /// The deal, the stage and the day of each.
    pub(super) fields: Vec<Field>,
}

/// Turns every filled cell of these columns (stage, heading, cells) into a change of stage of its row's deal; none where nothing is filled.
pub(super) fn of(line: &Lines, deals: &[Field], columns: &[(&str, String, Words)]) -> Option<History> {
    let words = |name: &str| deals.iter().find(|f| f.name == name).map(|f| &f.words);
    let (ids, names) = (words("id"), words("name"));
    let known: Vec<String> = words("stage").into_iter().flat_map(|w| w.words().iter().map(fold)).collect();
    let pipelines: Vec<String> = words("pipeline").into_iter().flat_map(|w| w.words().iter().map(fold)).collect();
    let stages: Vec<&str> = columns.iter().map(|(stage, ..)| without_pipeline(stage, &known, &pipelines)).collect();
    let (mut lines, mut built) = (Lines::default(), [(); 4].map(|()| WordsBuilder::default()));
    for (row, line) in line.iter().enumerate() {
        for (stage, (_, _, cells)) in stages.iter().zip(columns) {
            let Some(on) = cells.get(row) else { continue };
            lines.push(line);
            let texts = [ids.and_then(|w| w.get(row)), names.and_then(|w| w.get(row)), Some(*stage), Some(on)];
            built.iter_mut().zip(texts).for_each(|(column, text)| column.push(text));
        }
    }
    let heading = columns.first().map(|(_, heading, _)| heading.clone()).filter(|_| !lines.is_empty())?;
    let fields = ["deal_id", "deal", "stage", "on"];
    let fields = fields.into_iter().zip(built).map(|(name, words)| Field { name, heading: heading.clone(), words: words.finish() });
    Some(History { line: lines, fields: fields.collect() })
}

/// `Demo (Sales Pipeline)` is the stage `Demo`, unless a deal is in a stage of the whole name. A stage may end in brackets itself, but then
/// the pipeline's stand behind them.
fn without_pipeline<'a>(stage: &'a str, known: &[String], pipelines: &[String]) -> &'a str {
    let Some((name, pipeline)) = stage.strip_suffix(')').and_then(|s| s.rsplit_once('(')) else { return stage };
    let whole = known.contains(&fold(stage)) && !pipelines.contains(&fold(pipeline));
    if whole || name.trim().is_empty() { stage } else { name.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filled_cell_is_a_change_of_stage() {
        let column = |texts: &[Option<&str>]| Words::from_texts(texts.iter().copied());
        let field = |name, texts: &[Option<&str>]| Field { name, heading: name.to_owned(), words: column(texts) };
        let deals = [field("id", &[Some("1"), Some("2"), None]), field("name", &[None, Some("B"), Some("C")])];
        let columns = [
            (
                "Demo (Sales Pipeline)",
                "Date entered \"Demo (Sales Pipeline)\"".to_owned(),
                column(&[Some("2026-01-02"), None, Some("2026-01-04")]),
            ),
            ("Won", "Date entered Won".to_owned(), column(&[Some("2026-02-02"), None, None])),
        ];
        let found = of(&vec![2, 3, 5].into(), &deals, &columns);
        let rows: Vec<String> = found
            .iter()
            .flat_map(|h| {
                (0..h.line.len())
                    .map(|r| h.fields.iter().fold(h.line.get(r).to_string(), |all, f| all + " " + f.words.get(r).unwrap_or("-")))
            })
            .collect();
        assert_eq!(rows, ["2 1 - Demo 2026-01-02", "2 1 - Won 2026-02-02", "5 - C Demo 2026-01-04"]);
        assert!(of(&vec![2].into(), &deals, &[("Won", String::new(), column(&[None]))]).is_none());
    }

    #[test]
    fn a_pipeline_behind_a_stage_is_no_part_of_its_name() {
        let known = ["Trial (paid)", "Demo"].map(fold);
        assert_eq!(without_pipeline("Trial (paid)", &known, &[]), "Trial (paid)");
        assert_eq!(without_pipeline("Trial (paid) (Sales)", &known, &[]), "Trial (paid)");
        assert_eq!(without_pipeline("Demo (Sales)", &known, &[]), "Demo");
        assert_eq!(without_pipeline("closedwon", &known, &[]), "closedwon");
    }
}
