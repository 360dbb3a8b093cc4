//! The example's shop: an order is paid through it, and it is killed in the middle.
//!
//! The shop is a process of its own (`child`): this file, with the example's modules. WeChat Pay's side stays here.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that fails panics, and is reported by its name"
)]

mod child;
mod customer;
#[path = "../../examples/shop/orders.rs"]
mod orders;
#[path = "../../examples/shop/pages.rs"]
mod pages;
#[path = "../../examples/shop/shop.rs"]
mod shop;

use libtest_mimic::{Arguments, Trial};

use crate::child::{Stall, is_one};
use crate::customer::Town;

fn main() {
    if is_one() {
        return child::run();
    }
    let tests: [(&str, fn()); 4] = [
        ("a_customer_pays_and_the_order_is_shipped", || {
            killed(Stall::Never)
        }),
        ("killed_before_the_work_it_is_done_once", || killed(Stall::Before)),
        ("killed_after_the_work_it_is_not_done_again", || {
            killed(Stall::After)
        }),
        (
            "killed_before_the_qr_code_it_is_the_same_order",
            killed_before_the_code,
        ),
    ];
    let tests = tests.map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), tests.into()).exit();
}

/// An order is paid, the notification acknowledged, and the shop killed where it stands; the next one finishes.
fn killed(stall: Stall) {
    let town = Town::new(&format!("{stall:?}"));
    let shop = town.open(stall, 0);
    let number = shop.buy();
    let page = shop.page(&number);
    assert!(page.contains("<svg") && page.contains("8.88"), "{page}");
    town.pay(&number);
    town.until(|| town.acknowledged() == 1);
    let shop = if stall == Stall::Never {
        shop
    } else {
        shop.until_stalled();
        let port = shop.kill();
        town.open(Stall::Never, port)
    };
    town.until(|| shop.page(&number).contains("Paid"));
    assert_eq!(town.shipments(&number), 1);

    // WeChat Pay tells it once more, under the same id; and the shop is opened once more.
    town.tell_again();
    town.until(|| town.acknowledged() == 2);
    let shop = town.open(Stall::Never, shop.kill());
    town.until(|| town.nothing_waits());
    assert!(shop.page(&number).contains("Paid"));
    assert_eq!(town.shipments(&number), 1);
}

/// The order is noted, and the shop dies before it hears from WeChat Pay.
fn killed_before_the_code() {
    let town = Town::new("Code");
    let shop = town.open(Stall::Never, 0);
    let number = shop.buy();
    let shop = town.open(Stall::Never, shop.kill());
    let first = shop.page(&number);
    // Another process, another request, the same order: the customer's code stays good.
    let shop = town.open(Stall::Never, shop.kill());
    assert_eq!(shop.page(&number), first);
    town.pay(&number);
    town.until(|| shop.page(&number).contains("Paid"));
    assert_eq!(town.shipments(&number), 1);
}
