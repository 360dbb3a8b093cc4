//! Bodies that flow: of an upload on its way out, of a file on its way in.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use wxpay_proto::UploadFrame;

use crate::attempt::Attempt;
use crate::body::Body;
use crate::content::{Content, Trouble};
use crate::failure::Failure;
use crate::places::Place;

/// What flows in one call; with nothing in it, request and answer are held whole.
#[derive(Default)]
pub(crate) struct Bodies<'a> {
    content: Option<&'a Content>,
    arriving: Option<&'a Slot>,
}

/// Where the body of a successful answer is put.
#[derive(Default)]
pub(crate) struct Slot(Mutex<Option<Arriving>>);

/// A body that is arriving.
#[derive(Default)]
pub(crate) struct Arriving {
    pub(crate) body: Body,
    /// Its call is under way until the body has arrived.
    pub(crate) place: Place,
    pub(crate) host: String,
}

impl Slot {
    pub(crate) fn put(&self, arriving: Arriving) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(arriving);
    }

    pub(crate) fn take(&self) -> Option<Arriving> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<'a> Bodies<'a> {
    pub(crate) fn upload(content: &'a Content) -> Self {
        Self {
            content: Some(content),
            arriving: None,
        }
    }

    pub(crate) fn download(slot: &'a Slot) -> Self {
        Self {
            content: None,
            arriving: Some(slot),
        }
    }

    pub(crate) fn arriving(&self) -> Option<&'a Slot> {
        self.arriving
    }

    /// The request as it goes out, and where its content tells what goes wrong with it; that is opened for each attempt.
    pub(crate) async fn outgoing(
        &self,
        attempt: &Attempt,
        request: http::Request<Bytes>,
    ) -> Result<(http::Request<Body>, Trouble), Failure> {
        let problem = |problem: String| Failure::Content {
            operation: attempt.meta.name,
            problem,
        };
        let frame = UploadFrame::of(&request);
        let Some(content) = self.content else {
            return match frame {
                // An empty file would go out in the other's place.
                Some(_) => Err(problem(
                    "its part holds no content; give the content as well, with Client::upload".to_owned(),
                )),
                None => Ok((request.map(Body::from), Trouble::default())),
            };
        };
        let frame = frame.ok_or_else(|| {
            problem(
                "the operation is no upload, or holds a file itself; make its part with Content::part"
                    .to_owned(),
            )
        })?;
        let body = content.body(frame).await;
        let (body, trouble) = body.map_err(|error| problem(error.to_string()))?;
        Ok((request.map(|_| body), trouble))
    }
}
