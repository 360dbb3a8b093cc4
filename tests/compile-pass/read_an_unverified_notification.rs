//! The body of a notification cannot be read before its signature was checked.

use wxpay_proto::v3::UnverifiedNotification;

fn read(notification: &UnverifiedNotification) {
    let _ = notification.serial();
}

fn main() {
    let _ = read;
}
