//! A page for a browser in Rust: an address, and nothing that can be sent.

use wxpay_catalogue::model::Family;

use super::emit_meta;
use super::emit_write;
use super::plan_op::{OpPlan, Page};

/// The address of a page, instead of an operation.
pub(super) fn page(family: &Family, plan: &OpPlan<'_>) -> String {
    let OpPlan { name, .. } = plan;
    let meta = emit_meta::meta(family, plan);
    let url = if plan.page == Some(Page::Signed) {
        "/// The signed address to send the browser to.
         ///
         /// # Errors
         /// [`Error`](proto::Error) when the fields make no address, or the signer fails.
         pub fn url(
             &self,
             credentials: &proto::v2::Credentials,
             signer: &(impl proto::crypto::Signer + ?Sized),
             stamp: &proto::Stamp,
         ) -> Result<http::Uri, proto::Error> {
             let write = |draft: &mut proto::Draft| draft.fields(self);
             proto::v2::page::signed_url(const { &Self::META }, write, credentials, signer, stamp)
         }"
        .to_owned()
    } else {
        let params: Vec<String> = plan.fields.iter().filter_map(emit_write::param).collect();
        format!(
            "/// The address to send the browser to; it is not signed.
             ///
             /// # Errors
             /// [`BuildError`](proto::BuildError) when the fields make no address.
             pub fn url(&self) -> Result<http::Uri, proto::BuildError> {{
                 proto::v2::page::plain_url(const {{ &Self::META }}, |draft| {{
                     {}
                     Ok(())
                 }})
             }}",
            params.join("\n")
        )
    };
    format!(
        "impl {name} {{
             /// The facts of the page. It is answered to a browser, so there is nothing to send here.
             pub const META: proto::Meta = {meta};

             {url}
         }}
        "
    )
}
