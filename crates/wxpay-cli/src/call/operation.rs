//! A call as an operation of its protocol, so that it takes the same journey as every typed one.

use http::Method;
use wxpay_proto::{BuildError, Draft, Meta, Operation, Sensitive, v2, v3};

use super::request::Request;
use super::sealing;

/// The name that errors begin with; what is shown has the operation's own in its place.
pub(super) const NAME: &str = "wxpay call";

/// A call of v3 whose answer is signed.
#[derive(Clone, Debug)]
pub(super) struct V3Call(pub(super) Request);

/// A call of v3 whose answer is a file with a digest.
#[derive(Clone, Debug)]
pub(super) struct V3File(pub(super) Request);

/// A call of v2; whether the operation knows a `nonce_str` is a fact that stands in the type.
#[derive(Clone, Debug)]
pub(super) struct V2Call<const NONCE: bool>(pub(super) Request);

impl Operation for V3Call {
    type Protocol = v3::V3;
    type Response = v3::Raw;
    const META: Meta = Meta::new(NAME, Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        write_v3(&self.0, draft)
    }

    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        for (pointer, field) in &mut self.0.sensitive {
            visit(pointer, field);
        }
    }
}

impl Operation for V3File {
    type Protocol = v3::V3;
    type Response = v3::File;
    const META: Meta = Meta::new(NAME, Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.accept("*/*");
        write_v3(&self.0, draft)
    }
}

fn write_v3(request: &Request, draft: &mut Draft) -> Result<(), BuildError> {
    request.write_head(draft)?;
    if let Some(body) = &request.body {
        let body = sealing::put_back(body, &request.sensitive, NAME, draft)?;
        draft.bytes("application/json", body.to_string());
    }
    Ok(())
}

impl<const NONCE: bool> Operation for V2Call<NONCE> {
    type Protocol = v2::V2;
    type Response = v2::Raw;
    const META: Meta = if NONCE {
        Meta::new(NAME, Method::POST, "/")
    } else {
        Meta::new(NAME, Method::POST, "/").without_nonce_str()
    };

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let request = &self.0;
        request.write_head(draft)?;
        draft.sign_type(request.info.sign_type);
        if request.info.client_certificate {
            draft.client_certificate();
        }
        draft.fields(&request.body.clone().unwrap_or_default())
    }
}
