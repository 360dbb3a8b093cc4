//! What a catalogue file holds. Everything keeps the order of the file.

use indexmap::IndexMap;
use serde::Deserialize;

pub use crate::sure::Sure;

/// The members of an object, by name.
pub type Fields = IndexMap<String, Field>;

/// One file: a family of operations and the types that they use.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct Family {
    /// The file's name below the catalogue, for messages: `v3/combine-transactions.toml`.
    pub file: String,
    /// Whose rules hold.
    pub protocol: Protocol,
    /// The family's name, `combine-transactions`.
    pub name: String,
    /// Objects that stand for several alternatives.
    pub unions: Vec<String>,
    /// The operations.
    pub ops: IndexMap<String, Op>,
    /// The objects.
    pub objects: IndexMap<String, Fields>,
    /// What lists of numbered fields are called, by object: the name that they would have, and the one they have.
    pub lists: IndexMap<String, IndexMap<String, String>>,
    /// The enumerations.
    pub enums: IndexMap<String, Enum>,
}

impl Family {
    /// The full name of an operation, `v3.combine-transactions.close`.
    #[must_use]
    pub fn name_of(&self, id: &str) -> String {
        format!("{}.{}.{id}", self.protocol.as_str(), self.name)
    }

    /// Whether a request has this field, as a parameter or as a member of its body.
    #[must_use]
    pub fn asks(&self, op: &Op, field: &str) -> bool {
        let body = op.request.as_deref().and_then(|name| self.objects.get(name));
        op.params.contains_key(field) || body.is_some_and(|body| body.contains_key(field))
    }
}

/// The folder that a family stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the workspace's own tasks are its only users"
)]
pub enum Protocol {
    /// `/v3/…`.
    V3,
    /// XML.
    V2,
    /// `/v3/global/…` and `/global/v3/…`.
    Global,
    /// `/hk/v3/…`.
    Hk,
}

impl Protocol {
    /// Every one, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::V3, Self::V2, Self::Global, Self::Hk];

    /// Its folder's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V2 => "v2",
            Self::Global => "global",
            Self::Hk => "hk",
        }
    }
}

/// An operation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct Op {
    /// As in the request line.
    pub method: String,
    /// With `{parameters}`.
    pub path: String,
    /// When not the default.
    pub host: Option<String>,
    /// Of the request body.
    pub encoding: Option<Encoding>,
    /// The body's type.
    pub request: Option<String>,
    /// The status codes of success.
    #[serde(default)]
    pub status: Status,
    /// The answer's type.
    pub response: Option<String>,
    /// What the answer is, when it is no object.
    pub returns: Option<Returns>,
    /// Media types of a file.
    #[serde(default)]
    pub produces: Vec<String>,
    /// The request may have encrypted fields.
    #[serde(default)]
    pub serial: bool,
    /// v2: the client certificate is needed.
    #[serde(default)]
    pub cert: bool,
    /// Of the encrypted fields, when not RSA-OAEP.
    pub cipher: Option<String>,
    /// No longer recommended.
    #[serde(default)]
    pub deprecated: bool,
    /// The day on which it was switched off.
    pub closed: Option<String>,
    /// The official short name.
    pub label: Option<String>,
    /// Product families.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Who may call.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Date of the page.
    pub updated: Option<String>,
    /// Official pages.
    #[serde(default)]
    pub docs: Vec<String>,
    /// Methods of the official SDKs.
    #[serde(default)]
    pub sdk: Vec<String>,
    /// Official sources that request and answer were compared with.
    #[serde(default)]
    pub confirmed: Vec<String>,
    /// What the call does; GET reads and everything else moves money until it is known better.
    pub effect: Option<Effect>,
    /// Whether answers are signed.
    #[serde(default)]
    pub signed: Signed,
    /// Request fields that the answer repeats: request field to answer member.
    #[serde(default)]
    pub echo: IndexMap<String, String>,
    /// The field that makes a repeated request the same request.
    pub idempotent_by: Option<String>,
    /// The operation that tells what became of a call whose answer never came.
    pub settled_by: Option<SettledBy>,
    /// Error codes that the official page lists for it.
    #[serde(default)]
    pub errors: Vec<String>,
    /// An official page or SDK states what is required and every limit: a request against it is refused before it is
    /// sent.
    #[serde(default)]
    pub sure: bool,
    /// Members of objects that it shares with operations without such a source: where they are certain to be required.
    #[serde(default)]
    pub sure_members: Vec<String>,
    /// Why a fact differs from its source.
    pub note: Option<String>,
    /// Parameters of path, query, header and form. Read apart, so that a message names the parameter.
    #[serde(skip)]
    pub params: Fields,
    /// Headers of the answer that carry data.
    #[serde(skip)]
    pub response_headers: Fields,
}

/// The operation that settles a call whose answer never came.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct SettledBy {
    /// Its name, `v3.pay-transactions.query_by_out_trade_no`.
    pub op: String,
    /// Its fields, and the fields of the unsettled call that they take their values from.
    #[serde(default)]
    pub params: IndexMap<String, String>,
    /// Where its answer has the state, through lists for each of their elements: `sub_orders.trade_state`.
    pub state: String,
    /// States that do not change any more.
    #[serde(default, rename = "final")]
    pub finals: Vec<String>,
    /// What is found exists only because the call was accepted, and it can be made again with its key: that it is found
    /// settles it.
    #[serde(default)]
    pub creates: bool,
}

/// Status codes of success.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the workspace's own tasks are its only users"
)]
pub enum Status {
    /// One.
    One(u16),
    /// Several.
    Several(Vec<u16>),
}

impl Default for Status {
    fn default() -> Self {
        Self::One(200)
    }
}

impl Status {
    /// The codes.
    #[must_use]
    pub fn codes(&self) -> &[u16] {
        match self {
            Self::One(code) => std::slice::from_ref(code),
            Self::Several(codes) => codes,
        }
    }
}

macro_rules! words {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$variant_attribute:meta])* $variant:ident,)* })*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_attribute])* $variant,)* }
    )*};
}

words! {
    /// How a request body is written, when not as JSON or XML.
    Encoding {
        /// A file and its description.
        Multipart,
    }
    /// What an answer is, when it is no object.
    Returns {
        /// Bytes.
        File,
        /// A page for a browser.
        Page,
        /// v2: JSON instead of XML.
        Json,
        /// Nothing.
        None,
    }
    /// What an upload takes from its file when the caller gives nothing.
    Fill {
        /// The file's name.
        Name,
        /// Its SHA-256 in hexadecimal.
        Sha256,
        /// Its MD5 in hexadecimal.
        Md5,
    }
    /// What a call does.
    Effect {
        /// Nothing changes.
        Read,
        /// Something changes, but no money moves.
        Write,
        /// Money moves, or an order that leads to it starts or ends.
        Money,
    }
    /// Where a parameter stands.
    Place {
        /// In the path.
        Path,
        /// In the query.
        Query,
        /// In a header.
        Header,
        /// A part of a multipart body.
        Form,
    }
}

/// Whether answers are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the workspace's own tasks are its only users"
)]
pub enum Signed {
    /// All of them.
    #[default]
    Always,
    /// None of them.
    Never,
    /// Some of them.
    IfPresent,
    /// A file's digest is, which stands in a header.
    Digest,
}

/// A parameter, or a member of an object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct Field {
    /// Of a parameter.
    #[serde(rename = "in")]
    pub place: Option<Place>,
    /// The type, as written; see [`Kind`](crate::kind::Kind).
    #[serde(rename = "type")]
    pub kind: String,
    /// Always to be given.
    #[serde(default)]
    pub required: bool,
    /// Required for these roles only.
    #[serde(default)]
    pub required_for: Vec<String>,
    /// Exactly one field of this group is to be given.
    pub one_of: Option<String>,
    /// Encrypted in transit.
    #[serde(default)]
    pub sensitive: bool,
    /// The form of a text.
    pub format: Option<String>,
    /// The only values known.
    #[serde(default)]
    pub values: Vec<toml::Value>,
    /// What the values mean.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// Characters; bytes of the plaintext for sensitive fields.
    pub max_len: Option<u32>,
    /// Characters.
    pub min_len: Option<u32>,
    /// Of a number.
    pub max: Option<i64>,
    /// Of a number.
    pub min: Option<i64>,
    /// Of a list.
    pub max_items: Option<u32>,
    /// Of a list.
    pub min_items: Option<u32>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// What holds when nothing is given.
    pub default: Option<toml::Value>,
    /// No longer recommended.
    #[serde(default)]
    pub deprecated: bool,
    /// The official short name.
    pub label: Option<String>,
    /// A plain value.
    pub example: Option<toml::Value>,
    /// How much of it an official page or SDK states: a request against that is refused before it is sent.
    #[serde(default)]
    pub sure: Sure,
    /// In uploads: what it is taken from when it is not given.
    pub fill: Option<Fill>,
    /// Why a fact differs from its source.
    pub note: Option<String>,
}

/// An enumeration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct Enum {
    /// The values in the documentation's order.
    pub values: Vec<String>,
    /// What the values mean.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// Rust names for values that make none themselves.
    #[serde(default)]
    pub names: IndexMap<String, String>,
    /// The official short name.
    pub label: Option<String>,
}
