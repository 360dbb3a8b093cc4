//! `cargo xtask catalogue diff OLD NEW`: what changed between two folders of catalogue files.

use std::io::Write as _;
use std::path::Path;

use wxpay_catalogue::model::Family;
use wxpay_catalogue::{diff, read};

pub(crate) fn diff(old: &str, new: &str) -> Result<(), String> {
    let text = diff::changelog(&families(old)?, &families(new)?);
    let shown = if text.is_empty() {
        "Nothing changed.\n"
    } else {
        &text
    };
    std::io::stdout()
        .write_all(shown.as_bytes())
        .map_err(|error| error.to_string())
}

fn families(folder: &str) -> Result<Vec<Family>, String> {
    let found = read::folder(Path::new(folder)).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        format!("{folder}:\n  {}", lines.join("\n  "))
    })?;
    if found.is_empty() {
        return Err(format!("{folder}: there is no catalogue in this folder"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_folder_without_a_catalogue_is_told() {
        let message = super::diff("no/such/folder", "nor/this").unwrap_err();
        assert_eq!(message, "no/such/folder: there is no catalogue in this folder");
    }
}
