//! The events that there are, and finding one by what a user types.

use std::io::{self, Write};

use serde_json::json;
use wxpay_types::schema::{EventForm, EventSchema};
use wxpay_types::table;

use crate::ended::NotSent;

/// How many similar names an error tells.
const SIMILAR: usize = 6;

pub(super) fn list(as_json: bool, out: &mut dyn Write) -> io::Result<()> {
    for event in table::events() {
        let forms: Vec<String> = event.forms.iter().map(shown).collect();
        if as_json {
            let line = json!({ "event": event.name(), "label": event.label, "forms": forms });
            writeln!(out, "{line}")?;
            continue;
        }
        let forms = match forms.as_slice() {
            [] => "  (members not documented)".to_owned(),
            [_] => String::new(),
            [others @ .., last] => format!("  forms: {}, or {last}", others.join(", ")),
        };
        writeln!(out, "{:<44}{}{forms}", event.name(), event.label)?;
    }
    Ok(())
}

/// The event of this name; capitals make no difference.
pub(super) fn resolve(name: &str) -> Result<&'static EventSchema, NotSent> {
    let wanted = name.to_lowercase();
    let named = |event: &&EventSchema| event.name().to_lowercase() == wanted;
    table::events().iter().find(named).ok_or_else(|| {
        let mut names: Vec<String> = table::events().iter().map(EventSchema::name).collect();
        names.sort_by(|a, b| alike(b, &wanted).total_cmp(&alike(a, &wanted)));
        names.truncate(SIMILAR);
        let names = names.join(", ");
        NotSent::new(format!(
            "there is no event `{name}`; similar are {names} (`wxpay trigger --list` has all of them)"
        ))
    })
}

fn alike(name: &str, wanted: &str) -> f64 {
    strsim::jaro_winkler(&name.to_lowercase(), wanted)
}

/// The form of this name.
pub(super) fn form<'a>(event: &'a EventSchema, name: &str) -> Result<&'a EventForm, NotSent> {
    event.form(name).ok_or_else(|| {
        let known: Vec<String> = event.forms.iter().map(shown).collect();
        let known = if known.is_empty() {
            "none is known".to_owned()
        } else {
            format!("there are {}", known.join(", "))
        };
        NotSent::new(format!(
            "--form {name}: {} has no such form; {known}",
            event.name()
        ))
    })
}

/// `CombinePayment` as `combine-payment`.
fn shown(form: &EventForm) -> String {
    let mut shown = String::new();
    for letter in form.short_name().chars() {
        if letter.is_ascii_uppercase() && !shown.is_empty() {
            shown.push('-');
        }
        shown.push(letter.to_ascii_lowercase());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{form, list, resolve};

    #[test]
    fn names_are_found_in_any_case_and_similar_ones_are_told() {
        assert_eq!(
            resolve("transaction.success").unwrap().name(),
            "TRANSACTION.SUCCESS"
        );
        assert_eq!(resolve("V2.CHECK.FAIL").unwrap().name(), "v2.CHECK.FAIL");
        let error = resolve("TRANSACTION.SUCESS").unwrap_err().to_string();
        assert!(error.contains("TRANSACTION.SUCCESS"), "{error}");
        let paid = resolve("TRANSACTION.SUCCESS").unwrap();
        assert_eq!(
            form(paid, "combine-payment").unwrap().name,
            "CombinePaymentResource"
        );
        let error = form(paid, "x").unwrap_err().to_string();
        assert!(error.contains("partner-payment"), "{error}");
    }

    #[test]
    fn the_list_has_every_event() {
        let mut out = Vec::new();
        list(false, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), wxpay_types::table::events().len());
        assert!(text.contains("v2.refund-processed"));
    }
}
