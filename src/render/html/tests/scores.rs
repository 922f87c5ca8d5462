//! Scores by weeks apart, in cells and as a figure.

use super::*;
use crate::render::example::{scores, verdicts};

#[test]
fn a_cell_of_scores_has_a_bar_for_each_week_and_says_its_numbers() {
    let html = Html::parse_document(&page(&of(vec![Block::Table(verdicts())])));
    let charts = all(&html, "td svg.spark");
    assert_eq!(charts.len(), 2);
    let bars = |at: usize, class: &str| -> usize {
        charts[at]
            .select(&Selector::parse(&format!("path.{class}")).unwrap())
            .map(|path| path.attr("d").unwrap().matches('M').count())
            .sum()
    };
    assert_eq!([bars(0, "before"), bars(0, "same"), bars(0, "after")], [13, 1, 13]);
    assert_eq!([bars(1, "before"), bars(1, "same"), bars(1, "after")], [13, 1, 12], "what is no number is a gap");
    let said: String = charts[0].text().collect();
    assert_eq!(
        said,
        "same week 0.7; lead 1 week ahead and more 0.9, 1.4, 2.2, 3.6, 4.9, 5.2, 4.1, 2.8, 1.1, 0.2, -0.4, 0.6, -0.8; lag 1 week ahead and \
         more 0.5, -0.3, 0.8, 0.2, -0.5, 0.6, -0.2, 0.3, -1.2, 0.9, 0.1, -0.7, 0.4"
    );
}

#[test]
fn a_cell_of_any_scores_is_drawn() {
    for values in [vec![], vec![f64::NAN], vec![f64::INFINITY, f64::NEG_INFINITY], vec![f64::MAX, f64::MIN, 5e-324], scores()] {
        let mut table = verdicts();
        table.rows[0].cells[2].content = Content::Scores(values.clone());
        let page = page(&of(vec![Block::Table(table)]));
        well_formed(&page);
        let html = Html::parse_document(&page);
        assert_eq!(all(&html, "td svg.spark").len(), 1 + usize::from(!values.is_empty()));
        assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
    }
}
