//! The paths that a Rust source names: `use` trees unfolded, and paths within expressions and types.

/// One path, as it is written.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Import {
    pub(super) segments: Vec<String>,
    /// The other name that `as` gives to it.
    pub(super) alias: Option<String>,
    pub(super) line: usize,
    /// Whether a `pub use` names it, so that it is passed on.
    pub(super) public: bool,
    /// The inline modules around it.
    pub(super) within: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Token<'a> {
    Name(&'a str),
    /// `::`
    Colons,
    Mark(char),
}

/// All paths of more than one segment, and all that `use` names. Expects a source without comments and literals.
pub(super) fn imports(code: &str) -> Vec<Import> {
    let tokens = tokens(code);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        within: Vec::new(),
        found: Vec::new(),
    };
    reader.file();
    reader.found
}

fn tokens(code: &str) -> Vec<(usize, Token<'_>)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    for (line, text) in super::tree::numbered(code) {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let (token, length) = if is_name(first) {
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                (Token::Name(&rest[..end]), end)
            } else if rest.starts_with("::") {
                (Token::Colons, 2)
            } else {
                (Token::Mark(first), first.len_utf8())
            };
            tokens.push((line, token));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

struct Reader<'a> {
    tokens: &'a [(usize, Token<'a>)],
    at: usize,
    /// For each open brace the inline module that it opens, if it does.
    within: Vec<Option<&'a str>>,
    found: Vec<Import>,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).map(|(_, token)| *token)
    }

    fn file(&mut self) {
        let mut before = None;
        while let Some(token) = self.peek(0) {
            match (token, self.peek(1), self.peek(2)) {
                (Token::Name("use"), _, _) => {
                    self.at += 1;
                    let public = matches!(before, Some(Token::Name("pub") | Token::Mark(')')));
                    self.tree(&[], public);
                }
                (Token::Name("mod"), Some(Token::Name(name)), Some(Token::Mark('{'))) => {
                    self.within.push(Some(name));
                    self.at += 3;
                }
                // After `<T>::` a path goes on; it does not begin.
                (Token::Name(_), Some(Token::Colons), Some(Token::Name(_)))
                    if before != Some(Token::Colons) =>
                {
                    self.tree(&[], false);
                }
                (Token::Mark('{'), _, _) => {
                    self.within.push(None);
                    self.at += 1;
                }
                (Token::Mark('}'), _, _) => {
                    self.within.pop();
                    self.at += 1;
                }
                _ => self.at += 1,
            }
            before = Some(token);
        }
    }

    /// Reads one path, and unfolds the braces at its end.
    fn tree(&mut self, prefix: &[String], public: bool) {
        let line = self.tokens.get(self.at).map_or(0, |(line, _)| *line);
        let mut segments = prefix.to_vec();
        // `use ::serde::…` begins with the colons.
        if self.peek(0) == Some(Token::Colons) {
            self.at += 1;
        }
        loop {
            match self.peek(0) {
                Some(Token::Name(name)) => segments.push(name.to_owned()),
                Some(Token::Mark('{')) => return self.branches(&segments, public),
                Some(Token::Mark('*')) => {}
                _ => return,
            }
            self.at += 1;
            if self.peek(0) != Some(Token::Colons) {
                break;
            }
            // `Vec::<u8>` ends the path before the angle bracket.
            if !matches!(self.peek(1), Some(Token::Name(_) | Token::Mark('{' | '*'))) {
                break;
            }
            self.at += 1;
        }
        let mut alias = None;
        if let (Some(Token::Name("as")), Some(Token::Name(name))) = (self.peek(0), self.peek(1)) {
            alias = Some(name.to_owned());
            self.at += 2;
        }
        // `{self}` names the module itself.
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let within = self
            .within
            .iter()
            .flatten()
            .map(|name| (*name).to_owned())
            .collect();
        self.found.push(Import {
            segments,
            alias,
            line,
            public,
            within,
        });
    }

    fn branches(&mut self, prefix: &[String], public: bool) {
        self.at += 1;
        while let Some(token) = self.peek(0) {
            match token {
                Token::Mark('}') => {
                    self.at += 1;
                    return;
                }
                Token::Name(_) | Token::Mark('{' | '*') => self.tree(prefix, public),
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        imports(code)
            .iter()
            .map(|import| import.segments.join("::"))
            .collect()
    }

    #[test]
    fn use_trees_are_unfolded() {
        assert_eq!(
            paths("use crate::{a::B, c::{self, D as E}, f::*};\nuse g;"),
            ["crate::a::B", "crate::c", "crate::c::D", "crate::f", "g"]
        );
    }

    #[test]
    fn paths_in_expressions_and_types_are_found() {
        assert_eq!(
            paths("fn f(x: crate::a::B<super::C>) { Vec::<u8>::new(); d::e(); g.h }"),
            ["crate::a::B", "super::C", "d::e"]
        );
    }

    #[test]
    fn line_visibility_alias_and_inline_modules_are_kept() {
        let found = imports("pub(crate) use a::B as C;\nmod m {\n fn f() {}\n use super::D;\n}\nuse e::F;");
        assert_eq!((found[0].public, found[0].alias.as_deref()), (true, Some("C")));
        assert_eq!(
            (found[1].public, found[1].line, found[1].within.join("/")),
            (false, 4, "m".to_owned())
        );
        assert_eq!(found[2].within, [""; 0]);
    }
}
