//! The registry names what the catalogue names, and so does the table at run time.

use std::collections::BTreeSet;

use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Fields};
use wxpay_every::answer;
use wxpay_every::catalogue::{families, kind, operations};
use wxpay_every::registry::{OPERATIONS, TEXTS};
use wxpay_types::table;

/// Members of v2's answers that have no form in XML of one level (protocol section 7.1). The core reads them where no
/// signature covers them; `nested` tests these, and the other tests leave them out.
const UNFLAT: [&str; 2] = [
    "v2.merchant.manage_sub_mch: mchinfo",
    "v2.redpack.get_hb_info: hblist",
];

pub(crate) fn look() -> Vec<String> {
    let wanted: BTreeSet<String> = operations().map(|(_, name, _)| name).collect();
    let listed: BTreeSet<String> = OPERATIONS.iter().map(|entry| entry.name.to_owned()).collect();
    let mut problems = differences("the registry", &wanted, &listed);
    if OPERATIONS.len() != listed.len() {
        problems.push("the registry has an operation twice".to_owned());
    }
    let table = table::operations().map(|info| info.name.clone()).collect();
    problems.extend(differences("the table", &wanted, &table));
    let answers = operations().filter(|(family, _, op)| answer::is_xml(family, op));
    let unflat = answers.flat_map(|(family, name, op)| {
        let members = answer::unflat(family, op.response.as_deref().unwrap_or_default());
        members.map(move |member| format!("{name}: {member}"))
    });
    let unflat = unflat.collect();
    let known = UNFLAT.map(str::to_owned).into();
    problems.extend(differences("the list of what is not flat", &unflat, &known));
    let texts: BTreeSet<String> = TEXTS.iter().map(|text| text.name.to_owned()).collect();
    problems.extend(differences(
        "the list of types inside texts",
        &inside_texts(),
        &texts,
    ));
    problems
}

/// The objects that stand as JSON in a text of a message. A part of a form is no text: it is the object itself.
fn inside_texts() -> BTreeSet<String> {
    let inside = |family: &'static Family, field: &Field| match kind(field) {
        Kind::Json(inner) => {
            let name = inner.name().filter(|name| family.objects.contains_key(*name))?;
            Some(family.name_of(name))
        }
        _ => None,
    };
    let fields = |family: &'static Family| {
        let params = family.ops.values().map(|op| &op.params);
        let all = family.objects.values().chain(params).flat_map(Fields::values);
        all.filter_map(move |field| inside(family, field))
            .collect::<Vec<_>>()
    };
    families().iter().flat_map(fields).collect()
}

fn differences(which: &str, wanted: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let missing = wanted
        .difference(found)
        .map(|name| format!("{name}: not in {which}"));
    let unknown = found
        .difference(wanted)
        .map(|name| format!("{name}: in {which}, and not in the catalogue"));
    missing.chain(unknown).collect()
}
