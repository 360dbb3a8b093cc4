//! What is known of an operation before any value is filled in.

use http::Method;

use crate::crypto::Padding;
use crate::host::Host;

/// What a call does at WeChat Pay's end, which decides what an unclear answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing changes: repeating it is always safe.
    Read,
    /// Something changes, but no money moves and no order starts or ends.
    Write,
    /// Money moves, or an order that leads to it starts or ends.
    Money,
}

/// How a v2 operation is signed (protocol section 7.3 and appendix B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignTypeRule {
    /// `sign_type` is the caller's choice and is sent; MD5 when nothing is chosen.
    Choice,
    /// `sign_type` is sent and is HMAC-SHA256; an answer signed with MD5 is refused.
    HmacOnly,
    /// MD5, and the operation knows no `sign_type`.
    Md5Only,
}

/// The facts of an operation.
///
/// Made by [`Meta::new`] and the `const` setters, so that a new fact breaks nobody's code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Meta {
    /// The name, unique over all operations: `v3.combine-transactions.close`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its `{parameters}`.
    pub path: &'static str,
    /// The host that the documentation names.
    pub host: Host,
    /// What the call does.
    pub effect: Effect,
    /// v2: how it is signed. Without meaning for v3.
    pub sign_type: SignTypeRule,
    /// v2: whether the operation knows a `nonce_str`.
    pub nonce_str: bool,
    /// v2: whether the merchant's client certificate is needed (双向证书).
    pub client_certificate: bool,
    /// How its sensitive fields are padded, in the request and in the answer.
    pub padding: Padding,
    /// The field that makes a repeated request the same request, where that is known.
    pub idempotent_by: Option<&'static str>,
    /// The operation that tells what became of a call whose answer never came, where one is known.
    pub settled_by: Option<&'static str>,
    /// The official short name (接口名称), empty when unknown.
    pub label: &'static str,
    /// Official pages.
    pub docs: &'static [&'static str],
    /// Who may call it: `merchant`, `partner`, `ecommerce`, `institution`, `channel`, `platform`; empty when unknown.
    pub roles: &'static [&'static str],
    /// Error codes that the official page lists; far from complete.
    pub errors: &'static [&'static str],
    /// The documentation no longer recommends it.
    pub deprecated: bool,
    /// The day (`yyyy-MM-dd`) on which WeChat Pay switched it off.
    pub closed: Option<&'static str>,
}

impl Meta {
    /// An operation of which nothing else is said: on the default host; a read when the method is GET, otherwise
    /// taken to move money until it is known better.
    #[must_use]
    pub const fn new(name: &'static str, method: Method, path: &'static str) -> Self {
        let effect = if matches!(method, Method::GET) {
            Effect::Read
        } else {
            Effect::Money
        };
        Self {
            name,
            method,
            path,
            host: Host::API,
            effect,
            sign_type: SignTypeRule::Choice,
            nonce_str: true,
            client_certificate: false,
            padding: Padding::OaepSha1,
            idempotent_by: None,
            settled_by: None,
            label: "",
            docs: &[],
            roles: &[],
            errors: &[],
            deprecated: false,
            closed: None,
        }
    }

    /// Sets the host.
    #[must_use]
    pub const fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Sets what the call does.
    #[must_use]
    pub const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Sets how a v2 operation is signed.
    #[must_use]
    pub const fn sign_type(mut self, rule: SignTypeRule) -> Self {
        self.sign_type = rule;
        self
    }

    /// Says that a v2 operation knows no `nonce_str`.
    #[must_use]
    pub const fn without_nonce_str(mut self) -> Self {
        self.nonce_str = false;
        self
    }

    /// Says that the client certificate is needed.
    #[must_use]
    pub const fn client_certificate(mut self) -> Self {
        self.client_certificate = true;
        self
    }

    /// Sets the padding of its sensitive fields.
    #[must_use]
    pub const fn padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    /// Sets the field that makes a repeated request the same request.
    #[must_use]
    pub const fn idempotent_by(mut self, field: &'static str) -> Self {
        self.idempotent_by = Some(field);
        self
    }

    /// Sets the operation that settles it.
    #[must_use]
    pub const fn settled_by(mut self, operation: &'static str) -> Self {
        self.settled_by = Some(operation);
        self
    }

    /// Sets the official short name.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Sets the official pages.
    #[must_use]
    pub const fn docs(mut self, docs: &'static [&'static str]) -> Self {
        self.docs = docs;
        self
    }

    /// Sets who may call it.
    #[must_use]
    pub const fn roles(mut self, roles: &'static [&'static str]) -> Self {
        self.roles = roles;
        self
    }

    /// Sets the error codes that the official page lists.
    #[must_use]
    pub const fn errors(mut self, errors: &'static [&'static str]) -> Self {
        self.errors = errors;
        self
    }

    /// Says that the documentation no longer recommends the operation.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Sets the day on which WeChat Pay switched the operation off.
    #[must_use]
    pub const fn closed(mut self, day: &'static str) -> Self {
        self.closed = Some(day);
        self
    }
}
