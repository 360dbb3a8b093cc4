//! Sending a call on the way of its protocol.

use http::HeaderMap;
use wxpay_hyper::{Client, Error};
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::{Checked, v2};

use super::answer::{Answer, Proof};
use super::operation::{V2Call, V3Call, V3File};
use super::request::Request;

pub(super) async fn send(
    client: &Client,
    request: &Request,
    digest: Option<&FileDigest>,
) -> Result<Answer, Error> {
    let request = request.clone();
    if request.is_v2() {
        let answer = if request.info.nonce_str {
            client.send(&V2Call::<true>(request)).await?
        } else {
            client.send(&V2Call::<false>(request)).await?
        };
        return Ok(of_v2(answer));
    }
    if let Some(digest) = digest {
        let answer = client.download(&V3File(request), digest).await?;
        return Ok(Answer {
            status: answer.status(),
            proof: Proof::of(answer.verified_by()),
            request_id: answer.request_id().map(str::to_owned),
            headers: HeaderMap::new(),
            body: answer.content().clone(),
            fields: None,
        });
    }
    let answer = client.send(&V3Call(request)).await?;
    Ok(Answer {
        status: answer.status(),
        proof: Proof::of(answer.verified_by()),
        request_id: answer.request_id().map(str::to_owned),
        headers: answer.headers.clone(),
        body: answer.body().clone(),
        fields: None,
    })
}

fn of_v2(answer: Checked<v2::Raw>) -> Answer {
    let (status, proof, request_id) = match &answer {
        Checked::Verified(answer) => (
            answer.status(),
            Proof::of(answer.verified_by()),
            answer.request_id(),
        ),
        Checked::Unauthenticated(answer) => (answer.status(), Proof::None, answer.request_id()),
    };
    let raw = answer.claimed();
    Answer {
        status,
        proof,
        request_id: request_id.map(str::to_owned),
        headers: HeaderMap::new(),
        body: raw.body.clone(),
        fields: (!raw.fields.is_empty()).then(|| raw.fields.clone()),
    }
}
