//! What the manifests and the settings of the crates have in common.

use toml::{Table, Value};

use super::finding::Finding;
use super::tree::{File, Tree};

const CLIPPY: &str = "clippy.toml";
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// A crate of the workspace.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// Of its manifest.
    pub(super) path: String,
    manifest: Table,
}

impl Member {
    /// The names of all packages that it depends on, in whatever section and for whatever target.
    pub(super) fn dependencies(&self) -> Vec<String> {
        let targets = table(&self.manifest, "target")
            .into_iter()
            .flat_map(Table::values)
            .filter_map(Value::as_table);
        let sections = std::iter::once(&self.manifest).chain(targets);
        let entries =
            sections.flat_map(|section| DEPENDENCIES.into_iter().filter_map(|name| table(section, name)));
        entries
            .flatten()
            .map(|(name, entry)| {
                entry
                    .get("package")
                    .and_then(Value::as_str)
                    .unwrap_or(name)
                    .to_owned()
            })
            .collect()
    }
}

/// The table of this name, if there is one.
fn table<'a>(parent: &'a Table, name: &str) -> Option<&'a Table> {
    parent.get(name).and_then(Value::as_table)
}

/// The value `name` of the table `section`, if there is one.
fn value<'a>(manifest: &'a Table, section: &str, name: &str) -> Option<&'a Value> {
    table(manifest, section)?.get(name)
}

fn parse(file: &File) -> Result<Table, Finding> {
    file.text
        .parse()
        .map_err(|error: toml::de::Error| Finding::new(&file.path, 0, error.message()))
}

/// The crates that the workspace's manifest lists.
pub(super) fn members(tree: &Tree) -> Result<Vec<Member>, Finding> {
    let missing = |path: &str| Finding::new(path, 0, "there is no such file");
    let root = parse(tree.get("Cargo.toml").ok_or_else(|| missing("Cargo.toml"))?)?;
    let folders = value(&root, "workspace", "members").and_then(Value::as_array);
    let mut members = Vec::new();
    for folder in folders.into_iter().flatten().filter_map(Value::as_str) {
        let path = format!("{folder}/Cargo.toml");
        let manifest = parse(tree.get(&path).ok_or_else(|| missing(&path))?)?;
        let name = value(&manifest, "package", "name")
            .and_then(Value::as_str)
            .unwrap_or(folder)
            .to_owned();
        members.push(Member { name, path, manifest });
    }
    Ok(members)
}

pub(super) fn lints_are_inherited(tree: &Tree) -> Vec<Finding> {
    let members = match members(tree) {
        Ok(members) => members,
        Err(finding) => return vec![finding],
    };
    members
        .iter()
        .filter(|member| value(&member.manifest, "lints", "workspace") != Some(&Value::Boolean(true)))
        .map(|member| Finding::new(&member.path, 0, "`[lints] workspace = true` is missing"))
        .collect()
}

/// Clippy reads the nearest settings only, so a crate's own must repeat the root's.
pub(super) fn clippy_settings_are_repeated(tree: &Tree) -> Vec<Finding> {
    let Some(root) = tree.get(CLIPPY) else {
        return vec![Finding::new(CLIPPY, 0, "there is no such file")];
    };
    let mut findings = Vec::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/clippy.toml"))
    {
        for (_, setting) in root.lines().filter(|(_, line)| !line.starts_with('#')) {
            if !file.lines().any(|(_, line)| line == setting) {
                findings.push(Finding::new(
                    &file.path,
                    0,
                    format!("does not repeat `{setting}` of the root's"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_the_common_lints_is_found() {
        let root = ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']");
        let good = ("a/Cargo.toml", "[lints]\nworkspace = true");
        let bad = Tree::of([root, good, ("b/Cargo.toml", "[lints]\nworkspace = false")]);
        assert_eq!(lints_are_inherited(&bad).len(), 1);
        assert_eq!(
            lints_are_inherited(&Tree::of([root, good, ("b/Cargo.toml", good.1)])),
            []
        );
    }

    #[test]
    fn a_listed_crate_without_a_manifest_is_found() {
        let tree = Tree::of([("Cargo.toml", "[workspace]\nmembers = ['a']")]);
        assert_eq!(
            lints_are_inherited(&tree),
            [Finding::new("a/Cargo.toml", 0, "there is no such file")]
        );
    }

    #[test]
    fn a_forgotten_clippy_setting_is_found() {
        let root = (CLIPPY, "# why\na = true\nb = true");
        let good = Tree::of([root, ("c/clippy.toml", "b = true\na = true\nc = []")]);
        assert_eq!(clippy_settings_are_repeated(&good), []);
        let bad = Tree::of([root, ("c/clippy.toml", "b = true")]);
        assert_eq!(clippy_settings_are_repeated(&bad).len(), 1);
    }
}
