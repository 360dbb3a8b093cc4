//! Modules of a crate do not import in a circle.
//!
//! A module is a file. A module that passes its children on (`mod a; pub use a::B;`) is their folder's page, not
//! their user; and whoever names something through a page uses the child that it comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::code::shipped;
use super::finding::Finding;
use super::imports::{Import, imports};
use super::tree::Tree;

/// A module's path inside its crate; empty for the crate's root.
type Module = Vec<String>;

pub(super) fn within_a_crate(tree: &Tree) -> Vec<Finding> {
    let sources: BTreeSet<&str> = tree
        .hand_written()
        .filter_map(|file| Some(file.path.split_once("/src/")?.0))
        .collect();
    sources
        .into_iter()
        .flat_map(|folder| Crate::read(tree, folder).cycles())
        .collect()
}

/// The module that a path names from where it stands, or nothing when it leads out of the crate.
fn absolute(module: &[String], import: &Import, modules: &BTreeMap<Module, Source>) -> Option<Module> {
    let mut base: Module = module.iter().chain(&import.within).cloned().collect();
    let mut rest = import.segments.as_slice();
    match rest.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|segment| segment == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        child => {
            // A name without a prefix is a child's, or another crate's.
            let is_child = modules.contains_key(&[module, &[child.to_owned()]].concat());
            if !is_child || !import.within.is_empty() {
                return None;
            }
        }
    }
    base.extend_from_slice(rest);
    Some(base)
}

#[derive(Debug)]
struct Source {
    path: String,
    imports: Vec<Import>,
}

struct Crate {
    name: String,
    modules: BTreeMap<Module, Source>,
    /// What a page passes on: the page's name for it, and where it comes from.
    passed_on: BTreeMap<Module, Module>,
}

impl Crate {
    fn read(tree: &Tree, folder: &str) -> Self {
        let prefix = format!("{folder}/src/");
        let has_library = tree.get(&format!("{prefix}lib.rs")).is_some();
        let mut modules = BTreeMap::new();
        for file in tree.hand_written() {
            let Some(inside) = file
                .path
                .strip_prefix(&prefix)
                .and_then(|path| path.strip_suffix(".rs"))
            else {
                continue;
            };
            // Beside a library, a program is a crate of its own that only calls it.
            if inside.starts_with("bin/") || (inside == "main" && has_library) {
                continue;
            }
            let module = match inside {
                "lib" | "main" => Module::new(),
                _ => inside.split('/').map(str::to_owned).collect(),
            };
            let imports = imports(&shipped(&file.path, &file.text));
            modules.insert(
                module,
                Source {
                    path: file.path.clone(),
                    imports,
                },
            );
        }
        let mut passed_on = BTreeMap::new();
        for (module, source) in &modules {
            for import in source.imports.iter().filter(|import| import.public) {
                let Some(origin) = absolute(module, import, &modules) else {
                    continue;
                };
                let name = import.alias.as_ref().or_else(|| origin.last()).cloned();
                passed_on.insert([module.clone(), name.into_iter().collect()].concat(), origin);
            }
        }
        let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
        Self {
            name,
            modules,
            passed_on,
        }
    }

    /// The file that a path comes from.
    fn origin(&self, mut path: Module) -> Module {
        // A chain of pages is as long as the modules are deep; the bound is for a circle of `pub use`.
        for _ in 0..16 {
            let page = (0..=path.len()).rev().find_map(|end| {
                let origin = self.passed_on.get(&path[..end])?;
                Some([origin.as_slice(), &path[end..]].concat())
            });
            match page {
                Some(origin) if origin != path => path = origin,
                _ => break,
            }
        }
        while !self.modules.contains_key(&path) && path.pop().is_some() {}
        path
    }

    /// For each module the modules that it uses, with the line where it first does.
    fn edges(&self) -> BTreeMap<&Module, BTreeMap<Module, usize>> {
        let mut edges = BTreeMap::new();
        for (module, source) in &self.modules {
            let mut uses = BTreeMap::new();
            for import in &source.imports {
                let Some(path) = absolute(module, import, &self.modules) else {
                    continue;
                };
                let origin = self.origin(path);
                let passes_on = import.public && origin.starts_with(module);
                if origin != *module && !passes_on {
                    uses.entry(origin).or_insert(import.line);
                }
            }
            edges.insert(module, uses);
        }
        edges
    }

    fn cycles(&self) -> Vec<Finding> {
        let edges = self.edges();
        let mut walk = Walk {
            edges: &edges,
            path: Vec::new(),
            done: BTreeSet::new(),
            found: Vec::new(),
        };
        for module in self.modules.keys() {
            walk.visit(module);
        }
        walk.found
            .iter()
            .map(|circle| self.finding(circle, &edges))
            .collect()
    }

    fn finding(&self, circle: &[Module], edges: &BTreeMap<&Module, BTreeMap<Module, usize>>) -> Finding {
        let first = &circle[0];
        let line = circle
            .get(1)
            .or_else(|| circle.first())
            .and_then(|next| edges.get(first)?.get(next))
            .copied()
            .unwrap_or_default();
        let shown = |module: &Module| match module.as_slice() {
            [] => self.name.clone(),
            names => names.join("::"),
        };
        let names: Vec<String> = circle.iter().chain([first]).map(shown).collect();
        let path = self.modules.get(first).map_or("", |source| &source.path);
        Finding::new(
            path,
            line,
            format!("modules import in a circle: {}", names.join(" → ")),
        )
    }
}

/// A walk in depth: a module met again while its own uses are being visited closes a circle.
struct Walk<'a> {
    edges: &'a BTreeMap<&'a Module, BTreeMap<Module, usize>>,
    path: Vec<&'a Module>,
    done: BTreeSet<&'a Module>,
    found: Vec<Vec<Module>>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, module: &'a Module) {
        if let Some(start) = self.path.iter().position(|open| *open == module) {
            self.found.push(
                self.path[start..]
                    .iter()
                    .map(|module| (*module).clone())
                    .collect(),
            );
            return;
        }
        if !self.done.insert(module) {
            return;
        }
        self.path.push(module);
        for next in self.edges.get(module).into_iter().flat_map(BTreeMap::keys) {
            self.visit(next);
        }
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tree: &Tree) -> Vec<String> {
        within_a_crate(tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_circle_is_reported_with_its_path() {
        let tree = Tree::of([
            ("c/src/a.rs", "\nuse crate::b::B;"),
            ("c/src/b.rs", "fn f() { super::d::e::g() }"),
            ("c/src/d/e.rs", "use super::super::a::A;"),
            ("c/src/lib.rs", "mod a; mod b; mod d;"),
            ("c/src/d.rs", "mod e;"),
        ]);
        assert_eq!(
            found(&tree),
            ["c/src/a.rs:2: modules import in a circle: a → b → d::e → a"]
        );
    }

    #[test]
    fn a_circle_through_a_page_is_seen() {
        let tree = Tree::of([
            ("c/src/lib.rs", "pub use a::A; pub use crate::b::B as Bee;"),
            ("c/src/a.rs", "use crate::Bee;"),
            ("c/src/b.rs", "use crate::A;"),
        ]);
        assert_eq!(
            found(&tree),
            ["c/src/a.rs:1: modules import in a circle: a → b → a"]
        );
    }

    #[test]
    fn a_page_may_pass_on_its_children_but_not_use_one_that_uses_it() {
        let child = ("c/src/a/b.rs", "use super::A; use crate::a::A;");
        let page = Tree::of([
            ("c/src/a.rs", "mod b; pub use b::B; pub use self::b::C; struct A;"),
            child,
        ]);
        assert_eq!(found(&page), [""; 0]);
        let user = Tree::of([("c/src/a.rs", "mod b; fn f() { b::g() } struct A;"), child]);
        assert_eq!(
            found(&user),
            ["c/src/a.rs:1: modules import in a circle: a → a::b → a"]
        );
    }

    #[test]
    fn a_program_beside_its_library_is_apart() {
        let library = ("c/src/lib.rs", "mod a; fn f() {}");
        let user = ("c/src/a.rs", "use crate::f;");
        let program = |path| Tree::of([library, user, (path, "mod a; fn main() { a::g() }")]);
        assert_eq!(found(&program("c/src/main.rs")), [""; 0]);
        assert_eq!(found(&program("c/src/bin/tool.rs")), [""; 0]);
    }

    #[test]
    fn tests_and_other_crates_do_not_count() {
        let tree = Tree::of([
            (
                "c/src/a.rs",
                "use crate::b::B; use b::C; #[cfg(test)] mod tests { use super::*; }",
            ),
            (
                "c/src/b.rs",
                "#[cfg(test)] mod tests { use crate::a::A; }\n// use crate::a::A;",
            ),
        ]);
        assert_eq!(found(&tree), [""; 0]);
    }
}
