//! The check that stands before writing.

use wxpay_proto as proto;
use wxpay_proto::Operation as _;

use crate::v3::combine_transactions::{Close, CloseSubOrder};

#[test]
fn what_is_certain_is_not_written() {
    let written = |close: &Close| close.write(&mut proto::Draft::new(Close::meta()));
    let close = Close::default()
        .combine_out_trade_no("P1")
        .combine_appid("wx1")
        .sub_orders([CloseSubOrder::default().mchid("1").out_trade_no("1")]);
    assert_eq!(written(&close), Ok(()));
    // The official page says what is required, and how many there may be.
    let many = vec![CloseSubOrder::default().mchid("1").out_trade_no("1"); 51];
    for (wrong, said) in [
        (
            Close {
                combine_appid: None,
                ..close.clone()
            },
            "/combine_appid (合单商户appid): missing",
        ),
        (close.clone().sub_orders(many), "51 elements, at most 50"),
        (
            close.clone().sub_orders([CloseSubOrder::default().mchid("1")]),
            "/sub_orders/0/out_trade_no",
        ),
    ] {
        let error = written(&wrong).unwrap_err();
        assert!(
            matches!(&error, proto::BuildError::Documented { problem, .. } if problem.contains(said)),
            "{error}"
        );
    }
    // What nobody vouches for is a warning.
    let doubtful = close.sub_orders([CloseSubOrder::default()
        .mchid("1")
        .out_trade_no("1")
        .sub_appid("x".repeat(1000))]);
    let found = doubtful.check();
    assert!(
        !found.is_empty() && found.iter().all(|finding| !finding.sure),
        "{found:?}"
    );
    assert_eq!(written(&doubtful), Ok(()));
    assert!(doubtful.strict().is_err());
}
