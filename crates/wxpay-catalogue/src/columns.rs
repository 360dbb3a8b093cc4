//! v2's numbered fields: `coupon_id_$n` are the columns of a list, `coupon_refund_id_$n_$m` of a list within it.

use indexmap::IndexMap;

use crate::model::{Field, Fields};
use crate::name;

/// An object's members with numbered fields put together.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the workspace's own tasks are its only users"
)]
pub enum Member<'a> {
    /// A member as it stands.
    Plain(&'a str, &'a Field),
    /// The list that all numbered fields make; it stands where the first of them stood.
    List(List<'a>),
}

/// A list made of numbered fields.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct List<'a> {
    /// What the list is called; no such member is ever sent.
    pub name: String,
    /// The columns, with their patterns as names.
    pub columns: Vec<(&'a str, &'a Field)>,
    /// The list within each element.
    pub inner: Option<Box<Self>>,
}

/// Puts an object's numbered fields together.
///
/// A list is called after the words that its columns begin with, or `rows` when they have none in common, unless
/// `names` gives it another name.
#[must_use]
pub fn grouped<'a>(fields: &'a Fields, names: Option<&IndexMap<String, String>>) -> Vec<Member<'a>> {
    let named = |columns: &[(&str, &Field)]| {
        let name = list_name(columns);
        names.and_then(|names| names.get(&name)).cloned().unwrap_or(name)
    };
    let (mut outer, mut inner) = (Vec::new(), Vec::new());
    let mut members = Vec::new();
    let mut at = None;
    for (name, field) in fields {
        let columns = match (name.contains("$n"), name.contains("$m")) {
            (false, _) => {
                members.push(Member::Plain(name, field));
                continue;
            }
            (true, false) => &mut outer,
            (true, true) => &mut inner,
        };
        at.get_or_insert(members.len());
        columns.push((name.as_str(), field));
    }
    if let Some(at) = at {
        let inner = (!inner.is_empty()).then(|| {
            Box::new(List {
                name: named(&inner),
                columns: inner,
                inner: None,
            })
        });
        members.insert(
            at,
            Member::List(List {
                name: named(&outer),
                columns: outer,
                inner,
            }),
        );
    }
    members
}

/// The name that a list makes itself.
fn list_name(columns: &[(&str, &Field)]) -> String {
    let stems: Vec<String> = columns
        .iter()
        .map(|(pattern, _)| name::field_of(pattern))
        .collect();
    let words: Vec<Vec<&str>> = stems.iter().map(|stem| stem.split('_').collect()).collect();
    let Some((first, rest)) = words.split_first() else {
        return "rows".to_owned();
    };
    let common = first
        .iter()
        .enumerate()
        .take_while(|(n, word)| rest.iter().all(|other| other.get(*n) == Some(word)));
    let common: Vec<&str> = common.map(|(_, word)| *word).collect();
    if common.is_empty() {
        "rows".to_owned()
    } else {
        format!("{}s", common.join("_").trim_end_matches('s'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn fields(names: &[&str]) -> Fields {
        let fields: String = names
            .iter()
            .map(|name| format!("'{name}' = {{ type = 'string' }}\n"))
            .collect();
        let text = format!("protocol = 'v2'\nfamily = 'a'\n[object.O]\n{fields}");
        read::family("v2/a.toml", &text).unwrap().objects["O"].clone()
    }

    fn list<'a>(members: &'a [Member<'a>]) -> (usize, &'a List<'a>) {
        let found = members.iter().enumerate().find_map(|(at, member)| match member {
            Member::List(list) => Some((at, list)),
            Member::Plain(..) => None,
        });
        found.unwrap()
    }

    #[test]
    fn columns_make_one_list_at_the_place_of_the_first() {
        let fields = fields(&["a", "coupon_id_$n", "coupon_count", "coupon_type_$n"]);
        let members = grouped(&fields, None);
        let (at, list) = list(&members);
        assert_eq!((at, members.len(), list.name.as_str()), (1, 3, "coupons"));
        assert_eq!(
            list.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["coupon_id_$n", "coupon_type_$n"]
        );
        assert!(list.inner.is_none());
    }

    #[test]
    fn a_list_within_a_list() {
        let fields = fields(&[
            "refund_id_$n",
            "coupon_id_$n_$m",
            "out_refund_no_$n",
            "coupon_fee_$n_$m",
        ]);
        let names = [("rows", "refunds"), ("coupons", "vouchers")];
        let names = names
            .into_iter()
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .collect();
        for (names, wanted) in [
            (None, ("rows", "coupons")),
            (Some(&names), ("refunds", "vouchers")),
        ] {
            let members = grouped(&fields, names);
            let (_, list) = list(&members);
            let inner = list.inner.as_ref().unwrap();
            assert_eq!((list.name.as_str(), inner.name.as_str()), wanted);
        }
    }
}
