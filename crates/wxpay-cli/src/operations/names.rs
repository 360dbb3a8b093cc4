//! Finding an operation by what a user types for its name.

use wxpay_types::schema::OperationInfo;
use wxpay_types::table;

use crate::ended::NotSent;

/// How many similar names an error tells.
const SIMILAR: usize = 8;

/// The operation with this name; capitals, and `-` for `_`, make no difference.
pub(crate) fn resolve(name: &str) -> Result<&'static OperationInfo, NotSent> {
    if let Some(info) = table::named(name) {
        return Ok(info);
    }
    let wanted = plain(name);
    table::operations()
        .find(|info| plain(&info.name) == wanted)
        .ok_or_else(|| unknown(name, &wanted))
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

fn unknown(name: &str, wanted: &str) -> NotSent {
    let last = wanted.rsplit('.').next().unwrap_or(wanted);
    let mut similar: Vec<(usize, &str)> = table::operations()
        .map(|info| (likeness(&plain(&info.name), wanted, last), info.name.as_str()))
        .filter(|(likeness, _)| *likeness > 0)
        .collect();
    similar.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.cmp(right)));
    let names: Vec<&str> = similar.into_iter().take(SIMILAR).map(|(_, name)| name).collect();
    let hint = if names.is_empty() {
        "see `wxpay operations`".to_owned()
    } else {
        format!("similar are {}", names.join(", "))
    };
    NotSent::new(format!("there is no operation `{name}`; {hint}"))
}

/// How many of the parts of `wanted` are in `name`; the last part counts most.
fn likeness(name: &str, wanted: &str, last: &str) -> usize {
    let parts = wanted.split(['.', '_']).filter(|part| part.len() > 1);
    let shared = parts.filter(|part| name.contains(part)).count();
    if name.contains(last) { shared + 2 } else { shared }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn hyphens_and_underscores_and_capitals_are_the_same() {
        for name in [
            "v3.combine-transactions.query_by_out_trade_no",
            "v3.combine_transactions.query-by-out-trade-no",
            "V3.Combine_Transactions.Query_By_Out_Trade_No",
        ] {
            assert_eq!(
                resolve(name).unwrap().name,
                "v3.combine-transactions.query_by_out_trade_no"
            );
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_similar_ones() {
        let error = resolve("combine.close").unwrap_err().to_string();
        assert!(error.contains("v3.combine-transactions.close"), "{error}");
        let error = resolve("???").unwrap_err().to_string();
        assert!(error.contains("wxpay operations"), "{error}");
    }
}
