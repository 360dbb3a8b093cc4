//! Addresses that a merchant sends a browser to: signed like a call, but answered with a page for a person.

use http::Uri;

use super::credentials::Credentials;
use super::render;
use crate::crypto::Signer;
use crate::draft::Draft;
use crate::error::{BuildError, Error};
use crate::meta::Meta;
use crate::stamp::Stamp;

/// The signed address of a page: the draft's fields and their signature in the query.
///
/// # Errors
/// [`Error::Build`] when the fields make no address, [`Error::Sign`] when the signer fails.
pub fn signed_url(
    meta: &'static Meta,
    write: impl FnOnce(&mut Draft) -> Result<(), BuildError>,
    credentials: &Credentials,
    signer: &(impl Signer + ?Sized),
    stamp: &Stamp,
) -> Result<Uri, Error> {
    let mut draft = Draft::new(meta);
    write(&mut draft)?;
    let rendered = render::render(draft, credentials, stamp)?;
    let algorithm = rendered.asked().algorithm;
    let signature = signer
        .sign(algorithm, &rendered.message())
        .map_err(|source| Error::Sign {
            operation: meta.name,
            source,
        })?;
    let request = rendered.attach(&signature)?;
    Ok(request.into_parts().0.uri)
}

/// The address of a page that is not signed: whatever the draft has in its query.
///
/// # Errors
/// [`BuildError::Target`] when it makes no address.
pub fn plain_url(
    meta: &'static Meta,
    write: impl FnOnce(&mut Draft) -> Result<(), BuildError>,
) -> Result<Uri, BuildError> {
    let mut draft = Draft::new(meta);
    write(&mut draft)?;
    render::address(meta.name, draft.host, &draft.target)
}
