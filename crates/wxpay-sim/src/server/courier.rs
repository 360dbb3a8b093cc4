//! Delivers notifications: sends what is due to the merchant's addresses and tells the platform what came back.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::desk::Desk;
use super::sender::Sender;
use crate::outbox::Delivery;

/// How many deliveries are under way at a time.
const AT_ONCE: usize = 64;

/// The longest sleep between two looks, in seconds: this machine's clock may be set.
const LOOK: i64 = 60;

/// Delivers notifications.
#[derive(Clone)]
pub(super) struct Courier {
    desk: Arc<Desk>,
    sender: Sender,
    places: Arc<Semaphore>,
}

impl Courier {
    pub(super) fn new(desk: Arc<Desk>, sender: Sender) -> Self {
        Self {
            desk,
            sender,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Delivers for as long as it is let.
    pub(super) async fn run(self) {
        loop {
            let next = match self.desk.due().await {
                Ok((deliveries, next)) => {
                    for delivery in deliveries {
                        self.send_off(delivery).await;
                    }
                    next
                }
                // What cannot be stored is not sent: it would be sent again after the next start.
                Err(_) => None,
            };
            let seconds = next.unwrap_or(LOOK).clamp(1, LOOK);
            tokio::select! {
                () = self.desk.stirred() => {}
                () = sleep(Duration::from_secs(seconds.unsigned_abs())) => {}
            }
        }
    }

    async fn send_off(&self, delivery: Delivery) {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return;
        };
        let courier = self.clone();
        tokio::spawn(async move {
            let reply = courier.sender.send(delivery.request).await;
            // When it cannot be stored, it is as if the reply had been lost on the way.
            let _ = courier
                .desk
                .act(|platform, clocks| platform.delivered(&delivery.id, &reply, clocks))
                .await;
            drop(place);
        });
    }
}
