//! Scores by weeks apart and curves over time, in cells and as charts.

use super::*;
use crate::render::example::verdicts;

#[test]
fn a_cell_of_scores_is_a_sparkline_of_its_numbers() {
    let mut table = verdicts();
    table.rows[1].cells[2] = bad(table.rows[1].cells[2].clone());
    let bytes = bytes(&Document { page: vec![Block::Table(table)], ..Document::default() });
    assert_sound(&bytes);
    let points = range(&bytes, "Sparklines");
    let row = |at: u32| (1..28).map(|column| points.get_value((at, column)).and_then(Data::get_float)).collect::<Vec<_>>();
    assert_eq!(row(0), crate::render::example::scores().into_iter().map(Some).collect::<Vec<_>>());
    assert_eq!(row(1).iter().position(Option::is_none), Some(20), "what is no number is an empty cell");
    assert_eq!(points.get_value((0, 0)), Some(&Data::String("new prospect meetings: 13 weeks before to after".to_owned())));
    let sheet = parts(&bytes).into_iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap().1;
    assert_eq!(sheet.matches("<xm:sqref>").count(), 2);
    // 15 % above the highest score, and above 4 where all are lower.
    assert!(sheet.contains("manualMax=\"5.97") && sheet.contains("manualMax=\"4.6\""), "{sheet}");
    assert!(as_text(&bytes, &["Flash"]).contains('!'));
}
