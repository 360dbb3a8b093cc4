//! A handler's panic is a failure of the handler, not of what runs it.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::BoxError;

/// Runs a handler; a panic comes out as an error. What the handler shared with others is the handler's to keep whole.
pub(crate) async fn guarded<F, T, E>(start: impl FnOnce() -> F) -> Result<T, BoxError>
where
    F: Future<Output = Result<T, E>>,
    E: Into<BoxError>,
{
    let running = catch_unwind(AssertUnwindSafe(start)).map_err(|panic| said(&*panic))?;
    let mut running = pin!(running);
    let ended = poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(said(&*panic))),
        },
    );
    ended.await?.map_err(Into::into)
}

fn said(panic: &(dyn Any + Send)) -> BoxError {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("the handler panicked: {}", text.unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_and_panics_come_out() {
        assert_eq!(guarded(|| async { Ok::<_, BoxError>(1) }).await.unwrap(), 1);
        let failed = guarded(|| async { Err::<(), _>("no stock") }).await;
        assert_eq!(failed.unwrap_err().to_string(), "no stock");
        let panicked = guarded(|| async {
            tokio::task::yield_now().await;
            if true {
                panic!("no {}", "stock");
            }
            Ok::<(), BoxError>(())
        });
        assert_eq!(
            panicked.await.unwrap_err().to_string(),
            "the handler panicked: no stock"
        );
    }
}
