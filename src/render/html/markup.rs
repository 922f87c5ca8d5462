//! Markup that is both HTML and well-formed XML: what is opened is closed, attributes are quoted, text is escaped.

use crate::render::text;

/// Attributes of an element, in order; one with an empty value is left away.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// A document being written. Names of elements and attributes are the program's own; all else passes through [`escaped`].
#[derive(Debug, Default)]
pub(super) struct Markup {
    out: String,
}

impl Markup {
    /// An element and what is in it; one without content has an end tag too, as HTML wants it.
    pub(super) fn element(&mut self, name: &'static str, attributes: Attributes<'_>, inside: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        self.out.push('>');
        inside(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element with nothing but text in it.
    pub(super) fn words(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |m| m.text(text));
    }

    /// An element that holds nothing in HTML, such as `meta`, or in SVG, such as `rect`.
    pub(super) fn void(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.open(name, attributes);
        self.out.push_str("/>");
    }

    /// Text.
    pub(super) fn text(&mut self, words: &str) {
        escaped(&mut self.out, words);
    }

    /// The style sheet: our own text, which needs and gets no escapes.
    pub(super) fn style(&mut self, css: &'static str) {
        self.out.push_str("<style>\n");
        self.out.push_str(css);
        self.out.push_str("</style>");
    }

    /// A line break in the source, where it means nothing.
    pub(super) fn line(&mut self) {
        self.out.push('\n');
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.out
    }

    fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escaped(&mut self.out, value);
            self.out.push('"');
        }
    }
}

/// Appends text that is nothing but text in an element and in a quoted attribute. Control and bidirectional characters are shown, and so
/// are the two code points that XML has no place for.
fn escaped(out: &mut String, words: &str) {
    for c in text::show(words, false, &[]).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' => out.push_str("&lt;U+FFFE&gt;"),
            '\u{ffff}' => out.push_str("&lt;U+FFFF&gt;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut markup = Markup::default();
        markup.element("p", &[("title", "\" onload='x' <&>"), ("class", "")], |m| m.text("</p><script>&amp;\u{202e}\u{1b}\u{ffff}"));
        let expected = "<p title=\"&quot; onload='x' &lt;&amp;&gt;\">&lt;/p&gt;&lt;script&gt;&amp;amp;&lt;U+202E&gt;␛&lt;U+FFFF&gt;</p>";
        assert_eq!(markup.finish(), expected);
    }

    #[test]
    fn an_element_without_content_is_closed_as_html_wants_it() {
        let mut markup = Markup::default();
        markup.words("td", &[], "");
        markup.void("br", &[]);
        assert_eq!(markup.finish(), "<td></td><br/>");
    }
}
