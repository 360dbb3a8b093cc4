//! The catalogue at run time: what is documented of every operation, without its Rust types.
//!
//! The checks read it, and so can tools that take an operation's name and fields as text.

use wxpay_proto::{Meta, Operation};

/// An operation that the catalogue describes.
pub trait Documented: Operation + serde::Serialize {
    /// What is documented of it.
    const INFO: &'static OperationInfo;
}

/// A type that the catalogue describes.
pub trait Described {
    /// What is documented of it.
    const SCHEMA: &'static Schema;
}

/// What is documented of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OperationInfo {
    /// Its facts: name, method, path, effect, official name and pages.
    pub meta: &'static Meta,
    /// Its family, `v3/combine-transactions`.
    pub family: &'static str,
    /// Who may call it: `merchant`, `partner`, `ecommerce`, `institution`, `channel`, `platform`.
    pub roles: &'static [&'static str],
    /// All of its fields: path, query, headers and body.
    pub request: &'static Schema,
    /// What it answers, when that is an object.
    pub response: Option<&'static Schema>,
    /// It answers with a file.
    pub file: bool,
    /// The status codes of success.
    pub status: &'static [u16],
}

impl OperationInfo {
    /// An operation that answers 200 with nothing.
    #[must_use]
    pub const fn new(meta: &'static Meta, family: &'static str, request: &'static Schema) -> Self {
        Self {
            meta,
            family,
            roles: &[],
            request,
            response: None,
            file: false,
            status: &[200],
        }
    }

    /// Sets who may call it.
    #[must_use]
    pub const fn roles(mut self, roles: &'static [&'static str]) -> Self {
        self.roles = roles;
        self
    }

    /// Sets what it answers.
    #[must_use]
    pub const fn response(mut self, response: &'static Schema) -> Self {
        self.response = Some(response);
        self
    }

    /// Says that it answers with a file.
    #[must_use]
    pub const fn file(mut self) -> Self {
        self.file = true;
        self
    }

    /// Sets the status codes of success.
    #[must_use]
    pub const fn status(mut self, codes: &'static [u16]) -> Self {
        self.status = codes;
        self
    }

    /// The fields that stand outside the body.
    pub fn params(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.request
            .fields
            .iter()
            .filter(|field| field.place != Place::Body)
    }

    /// The fields that stand in the body.
    pub fn body(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.request
            .fields
            .iter()
            .filter(|field| field.place == Place::Body)
    }
}

/// What is documented of an object.
#[derive(Debug)]
pub struct Schema {
    /// The name of the Rust type.
    pub name: &'static str,
    /// Its members in the documentation's order.
    pub fields: &'static [Field],
}

impl Schema {
    /// The member `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
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
    /// In the body; members of inner objects stand here as well.
    Body,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
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
    Enum(&'static [&'static str]),
    /// An object.
    Object(&'static Schema),
    /// A list.
    List(&'static Self),
    /// A text that holds this as JSON.
    Json(&'static Self),
    /// Anything.
    Any,
}

/// What is documented of a field.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name in the message; names with `$n` are numbered in v2.
    pub name: &'static str,
    /// The official short name, empty when unknown.
    pub label: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// It is always to be given.
    pub required: bool,
    /// It is to be given by these roles.
    pub required_for: &'static [&'static str],
    /// Exactly one field of this group is to be given.
    pub one_of: Option<&'static str>,
    /// It is encrypted in transit.
    pub sensitive: bool,
    /// An official page or SDK says so.
    pub sure: bool,
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
    pub values: &'static [&'static str],
    /// How a text is written: `rfc3339`, `yyyymmddhhmmss`, `url` …; empty when nothing is said.
    pub format: &'static str,
    /// A regular expression, as the documentation writes it; empty when there is none.
    pub pattern: &'static str,
    /// What holds when nothing is given.
    pub default: Option<&'static str>,
    /// A plain value from the documentation.
    pub example: Option<&'static str>,
}

/// Setters of a field's facts.
macro_rules! setters {
    ($($(#[$attribute:meta])* $name:ident: $type:ty => $value:expr;)*) => {$(
        $(#[$attribute])*
        #[must_use]
        pub const fn $name(mut self, $name: $type) -> Self {
            self.$name = $value;
            self
        }
    )*};
}

impl Field {
    /// A field in the body of which nothing else is said.
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self {
            name,
            label,
            kind,
            place: Place::Body,
            required: false,
            required_for: &[],
            one_of: None,
            sensitive: false,
            sure: false,
            deprecated: false,
            max_len: None,
            min_len: None,
            max: None,
            min: None,
            max_items: None,
            min_items: None,
            values: &[],
            format: "",
            pattern: "",
            default: None,
            example: None,
        }
    }

    /// Says that it is always to be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Says that it is encrypted in transit.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Says that an official page or SDK vouches for its limits.
    #[must_use]
    pub const fn sure(mut self) -> Self {
        self.sure = true;
        self
    }

    /// Says that it is no longer recommended.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    setters! {
        /// Sets where it stands.
        place: Place => place;
        /// Sets the roles that have to give it.
        required_for: &'static [&'static str] => required_for;
        /// Sets its group.
        one_of: &'static str => Some(one_of);
        /// Sets the largest length.
        max_len: u32 => Some(max_len);
        /// Sets the smallest length.
        min_len: u32 => Some(min_len);
        /// Sets the largest number.
        max: i64 => Some(max);
        /// Sets the smallest number.
        min: i64 => Some(min);
        /// Sets how many elements there may be.
        max_items: u32 => Some(max_items);
        /// Sets how many elements there must be.
        min_items: u32 => Some(min_items);
        /// Sets the only values known.
        values: &'static [&'static str] => values;
        /// Sets how a text is written.
        format: &'static str => format;
        /// Sets the regular expression.
        pattern: &'static str => pattern;
        /// Sets what holds when nothing is given.
        default: &'static str => Some(default);
        /// Sets a plain value.
        example: &'static str => Some(example);
    }
}
