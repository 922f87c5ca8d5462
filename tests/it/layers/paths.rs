//! The paths that Rust source names: comments and literals are set aside, `use` trees are opened, and `self` and `super` are resolved.

/// A path with where it stands.
pub(super) struct Use {
    /// The line, from 1.
    pub(super) line: usize,
    /// Its parts, from `crate` where it leads into this crate; a macro's name keeps its `!`.
    pub(super) path: Vec<String>,
    /// The modules of this file that it stands in.
    pub(super) inside: Vec<String>,
}

/// Source text taken apart.
pub(super) struct Code {
    tokens: Vec<(usize, Token)>,
    /// The comments with the lines on which they begin.
    pub(super) comments: Vec<(usize, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Path,
    Mark(char),
}

impl Code {
    /// Takes source text apart.
    pub(super) fn read(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
        let mut code = Self { tokens: Vec::new(), comments: Vec::new() };
        let (mut i, mut line) = (0, 1);
        while i < chars.len() {
            let begun = i;
            match chars[i] {
                '/' if at(i + 1) == '/' => i = (i..chars.len()).find(|j| chars[*j] == '\n').unwrap_or(chars.len()),
                '/' if at(i + 1) == '*' => i = block_comment(&chars, i),
                '"' => i = quoted(&chars, i + 1),
                'r' | 'b' | 'c' if literal(&chars, i).is_some() => i = literal(&chars, i).unwrap_or(i),
                // A lifetime, unless a quote closes it.
                '\'' if at(i + 1) != '\\' && at(i + 2) != '\'' => i += 1,
                '\'' => i = character(&chars, i + 1),
                c if c.is_alphanumeric() || c == '_' => {
                    i = (i..chars.len()).find(|j| !chars[*j].is_alphanumeric() && chars[*j] != '_').unwrap_or(chars.len());
                    code.tokens.push((line, Token::Word(chars[begun..i].iter().collect())));
                }
                ':' if at(i + 1) == ':' => {
                    i += 2;
                    code.tokens.push((line, Token::Path));
                }
                c => {
                    i += 1;
                    if !c.is_whitespace() {
                        code.tokens.push((line, Token::Mark(c)));
                    }
                }
            }
            if chars[begun] == '/' && i > begun + 1 {
                code.comments.push((line, chars[begun..i].iter().collect()));
            }
            line += chars[begun..i].iter().filter(|c| **c == '\n').count();
        }
        code
    }

    /// Every path, in the file of a module.
    pub(super) fn paths(&self, module: &[String]) -> Vec<Use> {
        let mut found = Vec::new();
        let mut inside: Vec<(String, usize)> = Vec::new();
        let mut depth = 0;
        let mut i = 0;
        while i < self.tokens.len() {
            match &self.tokens[i].1 {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => {
                    depth -= 1;
                    inside.retain(|(_, at)| *at < depth + 1);
                }
                Token::Word(word) if word == "mod" && self.is(i + 2, &Token::Mark('{')) => {
                    if let Some(Token::Word(name)) = self.token(i + 1) {
                        inside.push((name.clone(), depth + 1));
                    }
                }
                // Visibility is no use of anything.
                Token::Word(word) if word == "in" && self.visibility(i) => {
                    while !self.is(i, &Token::Mark(')')) {
                        i += 1;
                    }
                }
                Token::Word(_) => {
                    let mut names = Vec::new();
                    let end = self.tree(i, &[], &mut names);
                    let inside: Vec<String> = inside.iter().map(|(name, _)| name.clone()).collect();
                    let here: Vec<String> = module.iter().chain(&inside).cloned().collect();
                    for (line, path) in names {
                        found.push(Use { line, path: resolved(path, &here), inside: inside.clone() });
                    }
                    i = end;
                    continue;
                }
                _ => {}
            }
            i += 1;
        }
        found
    }

    fn token(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i).map(|(_, token)| token)
    }

    fn is(&self, i: usize, token: &Token) -> bool {
        self.token(i) == Some(token)
    }

    fn visibility(&self, i: usize) -> bool {
        i >= 2 && self.is(i - 1, &Token::Mark('(')) && self.is(i - 2, &Token::Word("pub".to_owned()))
    }

    /// Reads the path at `i`, opening a `{…}` at its end; where it goes on afterward.
    fn tree(&self, mut i: usize, before: &[String], names: &mut Vec<(usize, Vec<String>)>) -> usize {
        let mut path = before.to_vec();
        let line = self.tokens[i].0;
        loop {
            match self.token(i) {
                Some(Token::Word(word)) => {
                    path.push(word.clone());
                    i += 1;
                    if !self.is(i, &Token::Path) {
                        break;
                    }
                    i += 1;
                }
                Some(Token::Mark('{')) => {
                    i += 1;
                    while i < self.tokens.len() && !self.is(i, &Token::Mark('}')) {
                        match &self.tokens[i].1 {
                            Token::Word(word) if word == "as" => i += 2,
                            Token::Word(_) => i = self.tree(i, &path, names),
                            Token::Mark('*') => {
                                names.push((line, [&path[..], &["*".to_owned()]].concat()));
                                i += 1;
                            }
                            _ => i += 1,
                        }
                    }
                    return i + 1;
                }
                Some(Token::Mark('*')) => {
                    path.push("*".to_owned());
                    i += 1;
                    break;
                }
                // A turbofish: what it holds is read as paths of its own.
                _ => break,
            }
        }
        if self.is(i, &Token::Mark('!')) && !self.is(i + 1, &Token::Mark('=')) {
            let last = path.pop().unwrap_or_default();
            path.push(format!("{last}!"));
        }
        names.push((line, path));
        i
    }
}

/// A path from `crate`, where it begins with `self` or `super`; `use a::{self}` is `a`.
fn resolved(mut path: Vec<String>, here: &[String]) -> Vec<String> {
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    if path[0] != "super" && (path[0] != "self" || path.len() == 1) {
        return path;
    }
    let steps = path.iter().take_while(|part| *part == "super" || *part == "self").count();
    let up = path[..steps].iter().filter(|part| *part == "super").count();
    let base = &here[..here.len().saturating_sub(up)];
    let mut whole = vec!["crate".to_owned()];
    whole.extend(base.iter().chain(&path[steps..]).cloned());
    whole
}

fn block_comment(chars: &[char], mut i: usize) -> usize {
    let mut depth = 0;
    while i < chars.len() {
        match chars[i..] {
            ['/', '*', ..] => (depth, i) = (depth + 1, i + 2),
            ['*', '/', ..] => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

/// After the quote that ends a string whose text begins at `i`.
fn quoted(chars: &[char], mut i: usize) -> usize {
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// After the quote that ends a character that begins at `i`.
fn character(chars: &[char], mut i: usize) -> usize {
    while i < chars.len() && chars[i] != '\'' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// After a literal with a prefix (`b"…"`, `r#"…"#`, `br"…"`, `b'…'`) that begins at `i`, where one does.
fn literal(chars: &[char], i: usize) -> Option<usize> {
    if i > 0 && (chars[i - 1].is_alphanumeric() || chars[i - 1] == '_') {
        return None;
    }
    let prefix = chars[i..].iter().take(2).take_while(|c| matches!(c, 'r' | 'b' | 'c')).count();
    let raw = chars[i..i + prefix].contains(&'r');
    let mut j = i + prefix;
    let hashes = if raw { chars[j..].iter().take_while(|c| **c == '#').count() } else { 0 };
    j += hashes;
    match chars.get(j) {
        Some('"') if raw => {
            let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let close = chars[j + 1..].windows(end.len()).position(|w| w == end)?;
            Some(j + 1 + close + end.len())
        }
        Some('"') => Some(quoted(chars, j + 1)),
        Some('\'') if !raw && chars[i] == 'b' => Some(character(chars, j + 1)),
        _ => None,
    }
}
