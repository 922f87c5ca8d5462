//! The page for a terminal: blocks one under the other, readable without color, no wider than the style says where that can be avoided.

use crate::document::{Block, Document, Note, Tone};
use crate::render::layout;
use crate::render::{Style, text};

/// The most columns of a note's label.
const LABEL: usize = 24;

/// The page as text.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    let mut page = String::new();
    let mut headed = false;
    for block in &document.page {
        let lines = match block {
            Block::Heading(_, title) => heading(title, style),
            Block::Banner { left, right } => banner(left, right, style),
            Block::Notes(list) => notes(list, style),
            Block::Table(table) => layout::table(table, style),
        };
        if lines.is_empty() {
            continue;
        }
        // What stands under a heading belongs to it.
        if !page.is_empty() && !headed {
            page.push('\n');
        }
        headed = matches!(block, Block::Heading(..));
        for line in lines {
            page.push_str(line.trim_end());
            page.push('\n');
        }
    }
    Ok(page.into_bytes())
}

/// A line with both ends taken, or two where they do not fit on one.
fn banner(left: &str, right: &str, style: &Style) -> Vec<String> {
    let (left, right) = (text::ours(left, style.ascii), text::ours(right, style.ascii));
    let columns = style.columns();
    let used = text::width(&left) + text::width(&right);
    if !left.is_empty() && !right.is_empty() && used + 2 <= columns {
        let between = text::spaces(columns - used);
        return vec![format!("{}{between}{right}", painted(&left, [Paint::Strong], style))];
    }
    let left = text::wrap(&left, columns).into_iter().map(|line| painted(&line, [Paint::Strong], style));
    left.chain(text::wrap(&right, columns)).filter(|line| !line.is_empty()).collect()
}

/// The heading of a section, wrapped, and underlined so that it is found without color.
fn heading(title: &str, style: &Style) -> Vec<String> {
    let lines = text::wrap(&text::ours(title, style.ascii), style.columns());
    let widest = lines.iter().map(|line| text::width(line)).max().unwrap_or(0);
    let rule = if style.ascii { "-" } else { "─" }.repeat(widest);
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).map(|line| painted(&line, [Paint::Strong], style)).collect();
    if lines.is_empty() { lines } else { lines.into_iter().chain([rule]).collect() }
}

/// Labelled lines. The text of neighbors whose labels are indented alike begins in one column; a line without a label joins those before it.
fn notes(list: &[Note], style: &Style) -> Vec<String> {
    let labels: Vec<String> = list.iter().map(|note| label(&note.label, style)).collect();
    let indents: Vec<Option<usize>> = labels.iter().map(|label| indent(label)).collect();
    let mut lines = Vec::new();
    let mut start = 0;
    while start < list.len() {
        let of_run = indents.get(start).copied().flatten();
        let run = indents.iter().skip(start).take_while(|indent| indent.is_none() || **indent == of_run).count();
        let widest = labels.iter().skip(start).take(run).map(|label| text::width(label)).max().unwrap_or(0);
        let hanging = if of_run.is_some() { widest + 2 } else { 0 };
        for (note, label) in list.iter().zip(&labels).skip(start).take(run) {
            lines.extend(note_lines(note, label, hanging, style));
        }
        start += run.max(1);
    }
    lines
}

/// The columns before a label; none where there is no label.
fn indent(label: &str) -> Option<usize> {
    let rest = label.trim_start();
    (!rest.is_empty()).then(|| label.len() - rest.len())
}

/// A label as it is shown, with its own indentation.
fn label(label: &str, style: &Style) -> String {
    let shown = text::shorten(&text::ours(label, style.ascii), LABEL, text::Cut::End, style.ascii);
    let indent = label.chars().take_while(|c| *c == ' ').count().min(LABEL / 2);
    format!("{}{shown}", text::spaces(if shown.is_empty() { 0 } else { indent }))
}

fn note_lines(note: &Note, label: &str, hanging: usize, style: &Style) -> Vec<String> {
    let parts: Vec<String> = note.parts.iter().map(|part| text::ours(part, style.ascii).into_owned()).collect();
    let mut wrapped = text::wrap_parts(&parts, style.columns().saturating_sub(hanging), text::separator(style.ascii));
    if wrapped.is_empty() && !label.is_empty() {
        wrapped.push(String::new());
    }
    let paint = Paint::of(note.tone);
    // The label carries the tone of a labelled line; what is beside the point is so as a whole.
    let of_text = paint.filter(|_| note.tone == Tone::Faint || label.is_empty());
    let bare = label.trim_start();
    let lines = wrapped.iter().enumerate().map(|(at, line)| {
        let line = painted(line, of_text, style);
        if at > 0 || bare.is_empty() {
            return format!("{}{line}", text::spaces(hanging));
        }
        let before = text::spaces(label.len() - bare.len());
        let shown = painted(bare, paint, style);
        format!("{before}{shown}{}{line}", text::spaces(hanging.saturating_sub(text::width(label))))
    });
    lines.collect()
}

/// What color adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    /// Bold.
    Strong,
    /// Green.
    Good,
    /// Bold and red.
    Error,
    /// Bold and yellow.
    Warning,
    /// Dim.
    Faint,
}

impl Paint {
    /// The paint of a tone; none where it is plain.
    pub(super) fn of(tone: Tone) -> Option<Self> {
        match tone {
            Tone::Plain => None,
            Tone::Strong => Some(Self::Strong),
            Tone::Good => Some(Self::Good),
            Tone::Bad => Some(Self::Error),
            Tone::Faint => Some(Self::Faint),
        }
    }

    /// Its parameters of "select graphic rendition" (ECMA-48, 8.3.117).
    fn parameters(self) -> &'static str {
        match self {
            Self::Strong => "1",
            Self::Good => "32",
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Faint => "2",
        }
    }
}

/// The text in color, if there is any of both.
pub(super) fn painted(text: &str, paints: impl IntoIterator<Item = Paint>, style: &Style) -> String {
    let mut parameters: Vec<&str> = paints.into_iter().flat_map(|paint| paint.parameters().split(';')).collect();
    parameters.sort_unstable();
    parameters.dedup();
    if !style.color || text.is_empty() || parameters.is_empty() {
        return text.to_owned();
    }
    format!("\x1b[{}m{text}\x1b[0m", parameters.join(";"))
}

#[cfg(test)]
mod tests;
