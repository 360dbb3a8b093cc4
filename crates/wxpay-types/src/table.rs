//! Every documented operation at run time, whichever families are compiled in.
//!
//! The data is part of the crate and is read when it is first asked for.

mod data;
mod events;
mod path;
mod sure;
mod types;

use std::sync::OnceLock;

pub use events::{event, events};

use crate::schema::OperationInfo;

/// Made by `cargo xtask codegen`: one family a line, which begins with its name.
const DATA: &str = include_str!("table/catalogue.json");

/// A table of operations.
#[derive(Debug, Default)]
pub struct Table {
    families: Vec<Family>,
}

/// A family, read when one of its operations is asked for: whoever sends one operation need not read a thousand.
#[derive(Debug)]
struct Family {
    /// As operations have it, `v3.combine-transactions`.
    name: String,
    line: &'static str,
    operations: OnceLock<Vec<OperationInfo>>,
}

impl Family {
    fn operations(&self) -> &[OperationInfo] {
        // The generator wrote the line, and a test reads all of them: the default never takes its place.
        self.operations
            .get_or_init(|| data::family(self.line).unwrap_or_default())
    }
}

impl Table {
    /// Reads a table that `cargo xtask codegen` wrote.
    ///
    /// # Errors
    /// What the reader says of a text that is none.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        let families = data::read(text)?.into_iter();
        let families = families.map(|(name, operations)| Family {
            name: name.replace('/', "."),
            line: "",
            operations: OnceLock::from(operations),
        });
        Ok(Self {
            families: families.collect(),
        })
    }

    /// A table of one family a line, none of which is read yet.
    fn of_lines(text: &'static str) -> Self {
        let families = text.lines().filter_map(|line| {
            let line = line.strip_suffix(',').unwrap_or(line);
            let (name, _) = line.strip_prefix("{\"family\":\"")?.split_once('"')?;
            Some(Family {
                name: name.replace('/', "."),
                line,
                operations: OnceLock::new(),
            })
        });
        Self {
            families: families.collect(),
        }
    }

    /// All operations, family by family.
    pub fn operations(&self) -> impl Iterator<Item = &OperationInfo> {
        self.families.iter().flat_map(Family::operations)
    }

    /// The operation with this name, `v3.combine-transactions.close`.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&OperationInfo> {
        let (family, _) = name.rsplit_once('.')?;
        let family = self.families.iter().find(|found| found.name == family)?;
        family.operations().iter().find(|info| info.name == name)
    }

    /// The operation that a request line names, with the values of its path parameters, percent-decoded.
    ///
    /// The path comes without its query. Where several operations fit, the one whose path says more literally wins.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<(&OperationInfo, Vec<(&str, String)>)> {
        self.operations()
            .filter(|info| info.method == method)
            .filter_map(|info| Some((info, path::values(&info.path, path)?)))
            .min_by_key(|(_, values)| values.len())
    }
}

/// The table of everything that is documented.
#[must_use]
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of_lines(DATA))
}

/// All operations, family by family.
pub fn operations() -> impl Iterator<Item = &'static OperationInfo> {
    table().operations()
}

/// The operation with this name, `v3.combine-transactions.close`.
#[must_use]
pub fn named(name: &str) -> Option<&'static OperationInfo> {
    table().named(name)
}

/// The operation that a request line names, with the values of its path parameters, percent-decoded.
///
/// See [`Table::find`].
#[must_use]
pub fn find(method: &str, path: &str) -> Option<(&'static OperationInfo, Vec<(&'static str, String)>)> {
    table().find(method, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Fill, Kind, Place, Returns, Signed};

    #[test]
    fn operations_are_found_by_request_line_and_name() {
        let (info, values) = find("POST", "/v3/combine-transactions/out-trade-no/P1/close").unwrap();
        assert_eq!(info.name, "v3.combine-transactions.close");
        assert_eq!(values, [("combine_out_trade_no", "P1".to_owned())]);
        assert_eq!(info.status, [204]);
        assert_eq!(info.params().count(), 1);
        assert_eq!(
            info.body().map(|field| field.name.as_str()).collect::<Vec<_>>(),
            ["combine_appid", "sub_orders"]
        );
        assert!(find("GET", "/v3/combine-transactions/out-trade-no/P1/close").is_none());
        assert!(named("v3.combine-transactions.app_prepay").is_some());
    }

    #[test]
    fn names_are_unique_and_everything_is_there() {
        // All at once, as JSON, and each line for itself.
        let all = Table::read(DATA).unwrap();
        let names: Vec<&str> = all.operations().map(|info| info.name.as_str()).collect();
        let lines: Vec<&str> = operations().map(|info| info.name.as_str()).collect();
        assert_eq!(names, lines);
        assert!(names.len() > 1150);
        let different: std::collections::HashSet<&str> = names.iter().copied().collect();
        assert_eq!(different.len(), names.len());
        for name in names {
            assert_eq!(named(name).map(|info| info.name.as_str()), Some(name));
        }
        for name in ["", "close", "v3.combine-transactions.", "v3.none.close"] {
            assert!(named(name).is_none(), "{name}");
        }
    }

    #[cfg(feature = "v3-combine-transactions")]
    #[test]
    fn an_operation_says_what_the_table_says() {
        use wxpay_proto::Operation as _;

        let meta = crate::v3::combine_transactions::Close::META;
        let info = named(meta.name).unwrap();
        assert_eq!((meta.path, meta.label), (info.path.as_str(), info.label.as_str()));
        assert!(!meta.roles.is_empty() && meta.roles == info.roles);
        assert!(!meta.errors.is_empty() && meta.errors == info.errors);
        assert_eq!(meta.docs, info.docs);
        let settled = info.settled_by.as_ref().map(|query| query.operation.as_str());
        assert_eq!(meta.settled_by, settled);
    }

    #[test]
    fn facts_come_through() {
        let refund = named("v2.pay.refund_query").unwrap();
        let answer = refund.response.as_ref().unwrap();
        let Kind::List(rows) = &answer.field("refunds").unwrap().kind else {
            panic!("a list");
        };
        let Kind::Object(row) = rows.as_ref() else {
            panic!("objects");
        };
        assert!(row.field("refund_id_$n").is_some());
        let upload = named("v3.merchant-media.upload_file").unwrap();
        assert!(upload.multipart);
        assert_eq!(upload.request.field("meta").unwrap().place, Place::Form);
        assert!(matches!(upload.request.field("file").unwrap().kind, Kind::File));
        let Kind::Object(meta) = &upload.request.field("meta").unwrap().kind else {
            panic!("an object");
        };
        let fills: Vec<_> = meta.fields.iter().map(|field| field.fill).collect();
        assert_eq!(fills, [Some(Fill::Name), Some(Fill::Sha256)]);
        let page = named("v2.papay.entrust_web").unwrap();
        assert_eq!((page.returns, page.nonce_str), (Returns::Page, false));
        let plain = named("v2.realname.auth_index").unwrap();
        assert!(page.signs_request && !plain.signs_request);
        let red_packet = named("v2.redpack.send_red_pack")
            .or_else(|| find("POST", "/mmpaymkttransfers/sendredpack").map(|found| found.0));
        assert_eq!(red_packet.unwrap().signed, Signed::IfPresent);
    }
}
