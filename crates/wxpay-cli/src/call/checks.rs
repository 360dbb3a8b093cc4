//! What the documentation would object to, told before anything is sent.

use serde_json::{Map, Value};
use wxpay_types::check::check_value;
use wxpay_types::schema::OperationInfo;

use crate::ended::NotSent;
use crate::operations::facts;

/// Tells all findings; refuses for one that is certain, unless the user insists.
pub(super) fn check(
    info: &'static OperationInfo,
    values: &Map<String, Value>,
    anyway: bool,
) -> Result<(), NotSent> {
    for standing in facts::standing(info) {
        eprintln!("note: {} is {standing}", info.name);
    }
    let findings = check_value(info, &Value::Object(values.clone()));
    for finding in &findings {
        let weight = if finding.sure { "error" } else { "warning" };
        eprintln!("{weight}: {finding}");
    }
    match findings.iter().filter(|finding| finding.sure).count() {
        0 => Ok(()),
        _ if anyway => Ok(()),
        count => Err(NotSent::new(format!(
            "{}: nothing was sent, because {count} of the findings above are certain; --anyway sends it all the same",
            info.name
        ))),
    }
}
