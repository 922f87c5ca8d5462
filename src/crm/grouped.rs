//! Grouped reports: what is written once per group belongs to every record of it.
//!
//! A blank cell means "as above" only where the file shows that it is laid out so; an export in which some records have no owner looks alike
//! at first sight. Only leading columns are considered, since a report puts what it is grouped by first, and never one that names the record
//! itself. What counts as evidence is said at [`Evidence`].

use super::fold::fold;
use super::read::{Records, Sheet};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::Words;

/// A report is grouped by no more columns than this of which nothing else is read; each of them costs a reading of the file.
const UNREAD: usize = 8;

/// Why blanks of a column are taken to mean "as above".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// Its cells are filled on the first row of groups and nowhere else, and rows of sums show where the groups end. A column of an ordinary
    /// table knows nothing of such rows, and an ordinary table has none.
    Sums,
    /// Its heading has the mark of a sorted column, every group of the column before it begins with a filled cell, and no value stands twice
    /// in a row: a sorted column of an ordinary table repeats its values and has its blanks together.
    Sorted,
    /// Nothing says where groups end, but every value stands once, most cells are blank, the first is filled, and the values ascend as those
    /// of a sorted report do, or title lines show that the file is a report. Owners of an ordinary table own several records.
    Once,
    /// As `Once`, but neither sorted nor under a title; or one value alone in a file with a title or totals: it may be either, and is not
    /// filled.
    Doubtful,
}

/// Fills down the columns by which a report is grouped; says what was filled, and what may be meant so but is not filled.
///
/// `wanted` are the columns of `records`, `own` those that name the record itself; `titled` says that title lines stand above the headings.
pub(super) fn fill_down(sheet: &Sheet, records: &mut Records, wanted: &[usize], own: &[usize], titled: bool) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    let report = titled || !records.sums.is_empty() || !sheet.sorted.is_empty();
    if records.line.len() < 2 {
        return said;
    }
    let ends: Vec<usize> = starts(records);
    let mut outer = vec![0];
    let mut unread = 0;
    for (at, heading) in sheet.headings.iter().enumerate() {
        // A sheet may begin with a column that holds nothing but the margin.
        if heading.is_empty() {
            continue;
        }
        if own.contains(&at) {
            break;
        }
        let place = wanted.iter().position(|w| *w == at);
        let grouped = |words: &Words| !words.is_blank(0) && (1..words.len()).any(|row| words.is_blank(row));
        if place.is_some_and(|place| !grouped(&records.columns[place])) {
            break;
        }
        let words = match place {
            Some(place) => records.columns[place].clone(),
            None if report && unread < UNREAD => match sheet.read(&[at]) {
                Records { mut columns, line, .. } if line.len() == records.line.len() => {
                    unread += 1;
                    columns.remove(0)
                }
                _ => break,
            },
            None => break,
        };
        let fills: Vec<usize> = (0..words.len()).filter(|row| !words.is_blank(*row)).collect();
        let Some(evidence) = evidence(sheet, records, at, &words, &fills, &ends, &outer, titled) else { break };
        let first = Location::cell(&sheet.name, records.line.get(fills.first().copied().unwrap_or(0)), heading);
        if evidence == Evidence::Doubtful {
            if place.is_some() {
                let message = format!(
                    "'{heading}' is filled on {} of {} records, each value once: its blank cells were taken as blank, not as the value above",
                    fills.len(),
                    words.len()
                );
                said.push(
                    Diagnostic::warning(Code::Assumed, message)
                        .at(first)
                        .hint("if this is a grouped report, export its details instead, or with subtotals"),
                );
            }
            break;
        }
        if let Some(place) = place {
            let (filled, count, lost) = filled(records, &words);
            records.columns[place] = filled;
            let message = match count {
                1 => format!("'{heading}' is written once per group: 1 blank cell has the value above it"),
                n => format!("'{heading}' is written once per group: {n} blank cells have the value above them"),
            };
            said.push(Diagnostic::note(Code::Assumed, message).at(first));
            if let Some(row) = lost.first() {
                let message = format!(
                    "'{heading}' of {} is not known: the record above that may begin their group was refused",
                    if lost.len() == 1 { "1 record".to_owned() } else { format!("{} records", lost.len()) }
                );
                said.push(Diagnostic::warning(Code::Assumed, message).at(Location::cell(&sheet.name, records.line.get(*row), heading)));
            }
        }
        outer = fills;
    }
    said
}

/// The rows that begin the file or follow a row of sums.
fn starts(records: &Records) -> Vec<usize> {
    let mut starts: Vec<usize> = std::iter::once(0).chain(records.sums.iter().map(|(row, _)| *row)).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.retain(|row| *row < records.line.len());
    starts
}

#[allow(clippy::too_many_arguments)] // what is known of the column and of those before it
fn evidence(
    sheet: &Sheet,
    records: &Records,
    at: usize,
    words: &Words,
    fills: &[usize],
    starts: &[usize],
    outer: &[usize],
    titled: bool,
) -> Option<Evidence> {
    let blanks = words.len() - fills.len();
    if blanks == 0 || fills.first() != Some(&0) {
        return None;
    }
    let begins = |row: &usize| starts.binary_search(row).is_ok();
    let labeled = || records.sums.iter().any(|(_, column)| *column == at);
    if starts.len() > 1 && fills.iter().all(begins) && (labeled() || fills.len() == starts.len()) {
        return Some(Evidence::Sums);
    }
    // Within each group of the column before it.
    let within = |ordered: &dyn Fn(&str, &str) -> bool| {
        outer.iter().all(|row| fills.binary_search(row).is_ok())
            && fills.windows(2).all(|pair| {
                let (Some(before), Some(here)) = (words.get(pair[0]), words.get(pair[1])) else { return false };
                outer.binary_search(&pair[1]).is_ok() && outer.len() > 1 || ordered(before, here)
            })
    };
    if sheet.sorted.contains(&at) && within(&|a, b| a != b) {
        return Some(Evidence::Sorted);
    }
    if fills.len() == 1 && (titled || !records.sums.is_empty() || !records.footer.is_empty()) {
        // A report of one group, or one record with an owner among those that have none.
        return Some(Evidence::Doubtful);
    }
    if blanks < fills.len() || fills.len() < 2 {
        return None;
    }
    let ascending = within(&|a, b| fold(a) < fold(b));
    let mut values: Vec<u32> = fills.iter().filter_map(|row| words.code(*row)).collect();
    values.sort_unstable();
    let once = values.windows(2).all(|pair| pair[0] != pair[1]);
    match outer {
        [_] if !once => None,
        [_] if titled || fills.len() > 2 && ascending => Some(Evidence::Once),
        [_] => Some(Evidence::Doubtful),
        _ => (ascending && fills.len() > 2).then_some(Evidence::Once),
    }
}

/// The column filled down, how many cells were, and the rows below a refused record, whose group is not known.
fn filled(records: &Records, words: &Words) -> (Words, u64, Vec<usize>) {
    // A record that holds nothing begins no group.
    let mut refused = records.refused.iter().filter(|r| r.diagnostic.code != Code::BlankRecord).map(|r| r.line).peekable();
    let (mut now, mut unknown, mut count, mut lost) = (None, false, 0, Vec::new());
    let texts: Vec<Option<&str>> = (0..words.len())
        .map(|row| {
            while refused.next_if(|line| *line < records.line.get(row)).is_some() {
                (now, unknown) = (None, true);
            }
            match words.get(row) {
                Some(text) => (now, unknown) = (Some(text), false),
                None if unknown => lost.push(row),
                None => count += 1,
            }
            now
        })
        .collect();
    (Words::from_texts(texts), count, lost)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::crm::read::Settings;

    /// The first two columns after filling down, `-` for a blank, and how many things were said.
    fn filled(text: &str, titled: bool) -> (String, usize) {
        let sheet = Sheet::open("x.csv", text.as_bytes().to_vec(), &Settings::default()).unwrap().0;
        let wanted: Vec<usize> = (0..sheet.headings.len()).collect();
        let mut records = sheet.read(&wanted);
        let own: Vec<usize> = sheet.headings.iter().position(|h| h == "name").into_iter().collect();
        let said = fill_down(&sheet, &mut records, &wanted, &own, titled);
        let cell = |row: usize, at: usize| records.columns[at].get(row).unwrap_or("-");
        let rows: Vec<String> = (0..records.line.len()).map(|row| format!("{}{}", cell(row, 0), cell(row, 1))).collect();
        (rows.join(" "), said.len())
    }

    #[test]
    fn sums_show_where_groups_end() {
        let text = "owner,stage,name\nB,x,1\n,,2\n,Subtotal,\n,y,3\n,Subtotal,\nSubtotal,,\nA,z,4\n,,5\n";
        assert_eq!(filled(text, false), ("Bx Bx By Az Az".to_owned(), 2));
        // The second column is a detail: it is filled elsewhere too.
        assert_eq!(filled("owner,stage,name\nB,x,1\n,,2\n,y,3\nSubtotal,,\nA,,4\n", false), ("Bx B- By A-".to_owned(), 1));
        // A column of the margin comes first.
        assert_eq!(filled(",owner,name\n,B,1\n,,2\n,Subtotal,\n,A,3\n,,4\n", false).0, "-B -B -A -A");
    }

    #[test]
    fn a_record_without_owner_stays_without() {
        for text in [
            // Owners repeat; the first is blank; few are blank; nothing but one value.
            "owner,kind,name\nAna,x,1\n,x,2\nBen,x,3\n,x,4\nAna,x,5\n,x,6\n,x,7\n",
            "owner,kind,name\n,x,1\nAna,x,2\n,x,3\n,x,4\nBen,x,5\n",
            "owner,kind,name\nAna,x,1\nBen,x,2\n,x,3\nCy,x,4\n",
            "owner,kind,name\nAna,x,1\n,x,2\n,x,3\n",
            // Not the first column, or behind the record's own name.
            "kind,owner,name\nx,Ana,1\nx,,2\nx,Ben,3\nx,,4\nx,Cy,5\nx,,6\n",
            "name,owner,kind\n1,Ana,x\n,,x\n2,Ben,x\n,,x\n3,Cy,x\n,,x\n",
            // A row of sums at the end ends no group between the records.
            "owner,kind,name\nAna,x,1\n,x,2\nAna,x,3\nSubtotal,,\n",
        ] {
            let (rows, said) = filled(text, false);
            assert!(rows.contains('-') && said == 0, "{text} {rows} {said}");
        }
        // It may be either: nothing is filled, and that is said.
        assert_eq!(filled("owner,kind,name\nAna,x,1\n,x,2\n,x,3\nTotal,3,\n", false), ("Anax -x -x".to_owned(), 1));
        assert_eq!(filled("owner,kind,name\nBen,x,1\n,x,2\nAna,x,3\n,x,4\n", false), ("Benx -x Anax -x".to_owned(), 1));
    }

    #[test]
    fn a_report_without_sums_is_known_by_its_order_or_its_title() {
        let text = "owner,kind,name\nAna,x,1\n,x,2\nBen,x,3\n,x,4\nCy,x,5\n,x,6\n";
        assert_eq!(filled(text, false), ("Anax Anax Benx Benx Cyx Cyx".to_owned(), 1));
        assert_eq!(filled("owner,kind,name\nBen,x,1\n,x,2\nAna,x,3\n,x,4\n", true), ("Benx Benx Anax Anax".to_owned(), 1));
        assert_eq!(filled("owner \u{2191},kind,name\nAna,x,1\nBen,x,3\n,x,4\n", false), ("Anax Benx Benx".to_owned(), 1));
    }

    #[test]
    fn below_a_refused_record_no_group_is_known() {
        let text = "owner,kind,name\nAna,x,1\n,x,2\nSubtotal,,\nBen,x\n,x,4\nSubtotal,,\nCy,x,5\n,x,6\n";
        assert_eq!(filled(text, false), ("Anax Anax -x Cyx Cyx".to_owned(), 2));
    }
}
