//! What is documented of operations, as data: for checks, and for tools that take an operation's name and fields as
//! text.

mod event;

use std::sync::Arc;

use wxpay_proto::{Effect, FilePart, Host, SignTypeRule};

pub use event::{EventForm, EventSchema};

/// What is documented of an operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The name, unique over all operations: `v3.combine-transactions.close`.
    pub name: String,
    /// Its family, `v3/combine-transactions`.
    pub family: String,
    /// Whose rules hold.
    pub protocol: Protocol,
    /// The HTTP method.
    pub method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// The host that the documentation names.
    pub host: Host,
    /// The official short name, empty when unknown.
    pub label: String,
    /// Official pages.
    pub docs: Vec<String>,
    /// Who may call it: `merchant`, `partner`, `ecommerce`, `institution`, `channel`, `platform`.
    pub roles: Vec<String>,
    /// What the call does.
    pub effect: Effect,
    /// Whether that is a known fact, rather than the safe assumption.
    pub effect_is_known: bool,
    /// Whether answers are signed.
    pub signed: Signed,
    /// All of its fields: path, query, headers, body.
    pub request: Arc<Schema>,
    /// The body is a multipart form; its parts are the fields whose place is [`Place::Form`].
    pub multipart: bool,
    /// What it answers, when that is an object.
    pub response: Option<Arc<Schema>>,
    /// What an answer is.
    pub returns: Returns,
    /// Media types of a file.
    pub produces: Vec<String>,
    /// The status codes of success.
    pub status: Vec<u16>,
    /// Request fields that the answer repeats, and what they are called there.
    pub echo: Vec<(String, String)>,
    /// v2: the merchant's client certificate is needed.
    pub client_certificate: bool,
    /// v2: how it is signed.
    pub sign_type: SignTypeRule,
    /// v2: it knows a `nonce_str`.
    pub nonce_str: bool,
    /// The request is signed; only an address for a browser may be without a signature.
    pub signs_request: bool,
    /// Sensitive fields are padded as PKCS #1 v1.5 rather than OAEP.
    pub pkcs1: bool,
    /// The field that makes a repeated request the same request.
    pub idempotent_by: Option<String>,
    /// The operation that tells what became of a call whose answer never came.
    pub settled_by: Option<SettledBy>,
    /// Error codes that the official page lists.
    pub errors: Vec<String>,
    /// An official page or SDK vouches for what is required and for every limit.
    pub sure: bool,
    /// The documentation no longer recommends it.
    pub deprecated: bool,
    /// The day (`yyyy-MM-dd`) on which WeChat Pay switched it off.
    pub closed: Option<String>,
}

impl OperationInfo {
    /// The fields that stand outside the body.
    pub fn params(&self) -> impl Iterator<Item = &Field> {
        self.request
            .fields
            .iter()
            .filter(|field| field.place != Place::Body)
    }

    /// The fields that stand in the body.
    pub fn body(&self) -> impl Iterator<Item = &Field> {
        self.request
            .fields
            .iter()
            .filter(|field| field.place == Place::Body)
    }
}

/// Whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// JSON and RSA; global and Hong Kong operations too.
    V3,
    /// XML and the APIv2 key.
    V2,
}

/// Whether answers are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signed {
    /// All of them; a file is told by a digest in an earlier answer.
    Always,
    /// None of them.
    Never,
    /// Some of them.
    IfPresent,
    /// A file's digest is, which stands in a header.
    Digest,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Returns {
    /// An object in the protocol's form.
    Object,
    /// v2: an object as JSON.
    Json,
    /// Bytes.
    File,
    /// A page for a browser: there is nothing to be sent, only an address.
    Page,
    /// Nothing.
    Nothing,
}

/// The operation that settles a call whose answer never came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettledBy {
    /// Its name.
    pub operation: String,
    /// Its fields, and the fields of the unsettled call that they take their values from; `list.member` stands for
    /// each element of a list.
    pub params: Vec<(String, String)>,
    /// Where its answer has the state, through lists for each of their elements: `sub_orders.trade_state`.
    pub state: String,
    /// States that do not change any more.
    pub finals: Vec<String>,
    /// What is found exists only because the call was accepted: that it is found settles the call.
    pub creates: bool,
}

/// What is documented of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Schema {
    /// The name of the Rust type.
    pub name: String,
    /// Its members in the documentation's order.
    pub fields: Vec<Field>,
}

impl Schema {
    /// One that nothing is documented of.
    #[must_use]
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            fields: Vec::new(),
        }
    }

    /// The member `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Where a field stands in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// A part of a multipart form.
    Form,
    /// In the body; members of inner objects stand here as well.
    Body,
}

/// What a value looks like.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A boolean.
    Flag,
    /// A time; how it is written, in the words of [`Field::format`].
    Time,
    /// One of these texts, or a new one.
    Enum(Arc<[String]>),
    /// An object.
    Object(Arc<Schema>),
    /// A list.
    List(Box<Self>),
    /// A text that holds this as JSON.
    Json(Box<Self>),
    /// A file.
    File,
    /// Anything.
    Any,
}

/// What an upload's field is taken from when it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fill {
    /// The file's name.
    Name,
    /// The file's SHA-256, in small hexadecimal.
    Sha256,
    /// The file's MD5, in small hexadecimal.
    Md5,
}

impl Fill {
    /// What it is for this file.
    #[must_use]
    pub fn of(self, file: &FilePart) -> String {
        match self {
            Self::Name => file.name().to_owned(),
            Self::Sha256 => file.sha256(),
            Self::Md5 => file.md5(),
        }
    }
}

/// How much of what is said of a field an official page or SDK states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sure {
    /// Nothing: what goes against it is a warning.
    #[default]
    Nothing,
    /// That it is to be given. SDKs state little else; its limits stay warnings.
    Required,
    /// That it is to be given, and every limit.
    Everything,
}

/// What is documented of a field.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name in the message; names with `$n` are numbered in v2.
    pub name: String,
    /// The official short name, empty when unknown.
    pub label: String,
    /// What its value looks like.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// It is always to be given.
    pub required: bool,
    /// It is to be given by these roles.
    pub required_for: Vec<String>,
    /// Exactly one field of this group is to be given.
    pub one_of: Option<String>,
    /// It is encrypted in transit.
    pub sensitive: bool,
    /// In uploads: what it is taken from when it is not given.
    pub fill: Option<Fill>,
    /// How much of this an official page or SDK states.
    pub sure: Sure,
    /// It is no longer recommended.
    pub deprecated: bool,
    /// Characters; of a sensitive field bytes of the plaintext.
    pub max_len: Option<u32>,
    /// As for `max_len`.
    pub min_len: Option<u32>,
    /// The largest number.
    pub max: Option<i64>,
    /// The smallest number.
    pub min: Option<i64>,
    /// Elements of a list.
    pub max_items: Option<u32>,
    /// Elements of a list.
    pub min_items: Option<u32>,
    /// The only values known, numbers in decimal.
    pub values: Vec<String>,
    /// How a text is written: `rfc3339`, `yyyymmddhhmmss`, `url` …; empty when nothing is said.
    pub format: String,
    /// A regular expression, as the documentation writes it; empty when there is none.
    pub pattern: String,
    /// What holds when nothing is given.
    pub default: Option<String>,
    /// A plain value from the documentation.
    pub example: Option<String>,
}
