//! What is code in a Rust source: comments, literals and tests are blanked out, and the lines stay where they are.

/// The source without comments, without the insides of literals and without `#[cfg(test)]` items.
pub(super) fn shipped(path: &str, text: &str) -> String {
    // `#[cfg(test)] mod tests;` puts them into a file of their own.
    if path.ends_with("/tests.rs") || path.contains("/src/tests/") {
        return String::new();
    }
    without_tests(&without_comments(text))
}

/// The source without comments and without the insides of literals.
pub(super) fn without_comments(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        match hidden(&chars, at) {
            Some(end) => {
                blank(&chars[at..end], &mut code);
                at = end;
            }
            None => {
                code.push(chars[at]);
                at += 1;
            }
        }
    }
    code
}

fn blank(chars: &[char], out: &mut String) {
    out.extend(chars.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
}

/// The end of the comment or literal that begins here, if one does.
fn hidden(chars: &[char], at: usize) -> Option<usize> {
    let rest = &chars[at..];
    let length = match rest {
        ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => block_comment(rest),
        ['"', ..] => string(rest),
        ['r', ..] if !is_continued(chars, at) => raw_string(rest)?,
        // `'a'` and `'\n'` are characters; `'a` alone is a lifetime.
        ['\'', '\\', _, tail @ ..] => 3 + tail.iter().position(|c| *c == '\'')? + 1,
        ['\'', _, '\'', ..] => 3,
        _ => return None,
    };
    Some(at + length)
}

/// Whether a name goes on here. The `b` of `br"…"` and the `c` of `cr"…"` are no part of a name.
fn is_continued(chars: &[char], at: usize) -> bool {
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    match &chars[..at] {
        [.., before, 'b' | 'c'] => is_name(before),
        ['b' | 'c'] | [] => false,
        [.., before] => is_name(before),
    }
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => depth += 1,
            ['*', '/', ..] => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    let open = 1 + hashes;
    if rest.get(open) != Some(&'"') {
        return None;
    }
    let mut end: Vec<char> = vec!['#'; hashes];
    end.insert(0, '"');
    let inside = &rest[open + 1..];
    let length = inside
        .windows(end.len())
        .position(|window| window == end)
        .unwrap_or(inside.len());
    Some((open + 1 + length + end.len()).min(rest.len()))
}

/// Blanks every item that only tests see. Expects a source without comments and literals.
fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = ["#[cfg(test)]", "#[cfg(all(test"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = item_end(item);
        blank(&item[..end].chars().collect::<Vec<_>>(), &mut out);
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

/// Where the item ends: at the first `;` outside braces, or at the brace that closes its first one.
fn item_end(item: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in item.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    item.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        without_comments(text)
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        assert_eq!(words("a // b\nc /* d /* e */ f */ g"), ["a", "c", "g"]);
        assert_eq!(words(r#"let x = "a // \" b"; y"#), ["let", "x", "=", ";", "y"]);
        assert_eq!(words("r#\"a \" b\"# z rb r#type"), ["z", "rb", "r#type"]);
        assert_eq!(words("br\"a\\\" z for\"\" q"), ["b", "z", "for", "q"]);
        assert_eq!(words("'\"' '\\'' <'a> '\\u{7f}' b'x' f"), ["<'a>", "b", "f"]);
    }

    #[test]
    fn lines_stay_where_they_are() {
        let code = shipped(
            "a.rs",
            "/* a\n b */ c\n\"d\n e\" f\n#[cfg(test)]\nmod t {\n g {} }\nh",
        );
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        assert_eq!(lines, ["", "c", "", "f", "", "", "", "h"]);
    }

    #[test]
    fn tests_are_not_shipped() {
        let code = shipped(
            "a.rs",
            "a #[cfg(test)] mod tests; b #[cfg(all(test, unix))] fn c() { d } e",
        );
        assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "e"]);
        assert_eq!(shipped("x/src/tests.rs", "a"), "");
    }
}
