//! Sending a call on the way of its protocol, with the proof that the table asks of its answer.

use wxpay_hyper::{Client, Error};
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::proof;
use wxpay_types::schema::{OperationInfo, Protocol, Returns, Signed};

use super::answer::Answer;
use super::operation::{V2Call, V3Call};
use super::request::Request;

/// Whether nothing proves the answer but a digest that another answer told.
pub(super) fn needs_digest(info: &OperationInfo) -> bool {
    info.returns == Returns::File
        && !matches!(info.protocol, Protocol::V2)
        && matches!(info.signed, Signed::Always | Signed::IfPresent)
}

pub(super) async fn send(
    client: &Client,
    request: &Request,
    digest: Option<&FileDigest>,
) -> Result<Answer, Error> {
    let info = request.info;
    let request = request.clone();
    if request.is_v2() {
        return v2(client, request).await;
    }
    if let Some(digest) = digest {
        let call = V3Call::<proof::Digest>::new(request);
        return client.download(&call, digest).await.map(Answer::from);
    }
    match info.signed {
        Signed::Never => {
            let call = V3Call::<proof::Unsigned>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        Signed::IfPresent => {
            let call = V3Call::<proof::SignedIfPresent>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        Signed::Digest => {
            let call = V3Call::<proof::SignedDigest>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        _ if info.pkcs1 => {
            let call = V3Call::<proof::Signed, true>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        _ => {
            let call = V3Call::<proof::Signed>::new(request);
            client.send(&call).await.map(Answer::from)
        }
    }
}

async fn v2(client: &Client, request: Request) -> Result<Answer, Error> {
    let info = request.info;
    match info.signed {
        // v2 signs no files.
        _ if info.returns == Returns::File => {
            let call = V2Call::<proof::Unsigned>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        Signed::Never => {
            let call = V2Call::<proof::Unsigned>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        Signed::IfPresent => {
            let call = V2Call::<proof::SignedIfPresent>::new(request);
            client.send(&call).await.map(Answer::from)
        }
        _ => {
            let call = V2Call::<proof::Signed>::new(request);
            client.send(&call).await.map(Answer::from)
        }
    }
}
