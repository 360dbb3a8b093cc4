//! The check that stands before writing.

use wxpay_proto as proto;
use wxpay_proto::Operation as _;

use crate::v3::combine_transactions::{Close, CloseSubOrder};
use crate::v3::pay_transactions::{self as prepay, AppPrepayWithContract, NativePrepay};
use crate::v3::refund::{Amount, Create, GoodsDetail};

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

#[test]
fn what_is_certain_of_one_operation_is_a_warning_in_another() {
    let native = NativePrepay::default()
        .appid("wx1")
        .mchid("1900000001")
        .description("Tea")
        .out_trade_no("P1")
        .notify_url("https://shop.example/paid");
    let written = |native: &NativePrepay| native.write(&mut proto::Draft::new(NativePrepay::meta()));
    let whole = prepay::Amount::default().total(1);
    assert_eq!(written(&native.clone().amount(whole.clone())), Ok(()));
    // The official SDK has this call, and states what is required in the objects that it sends.
    let goods = prepay::GoodsDetail::default()
        .merchant_goods_id("1")
        .unit_price(1);
    let nothing = prepay::Amount::default().currency("CNY");
    for (wrong, said) in [
        (
            native.clone().amount(nothing.clone()),
            "/amount/total (总金额): missing",
        ),
        (
            native
                .amount(whole)
                .detail(prepay::Detail::default().goods_detail([goods])),
            "/detail/goods_detail/0/quantity (商品数量): missing",
        ),
    ] {
        let error = written(&wrong).unwrap_err();
        assert!(
            matches!(&error, proto::BuildError::Documented { problem, .. } if problem == said),
            "{error}"
        );
    }
    // It does not have this one, which sends the same objects.
    let contract = AppPrepayWithContract::default().amount(nothing);
    let found = contract.check();
    assert!(
        found.iter().any(|finding| finding.pointer == "/amount/total"),
        "{found:?}"
    );
    assert!(found.iter().all(|finding| !finding.sure), "{found:?}");
    let written = contract.write(&mut proto::Draft::new(AppPrepayWithContract::meta()));
    assert_eq!(written, Ok(()));
}

#[test]
fn of_most_operations_only_what_is_required_is_certain() {
    let refund = Create::default()
        .transaction_id("1217752501201407033233368018")
        .out_refund_no("R1")
        .amount(Amount::default().refund(1).total(1).currency("CNY"));
    let written = |refund: &Create| refund.write(&mut proto::Draft::new(Create::meta()));
    assert_eq!(written(&refund), Ok(()));
    // The official SDK states what is required, of objects and of the elements of lists too.
    for (wrong, said) in [
        (
            Create {
                out_refund_no: None,
                ..refund.clone()
            },
            "/out_refund_no (商户退款单号): missing",
        ),
        (
            refund.clone().amount(Amount::default().total(1).currency("CNY")),
            "/amount/refund (退款金额): missing",
        ),
        (
            refund.clone().goods_detail([GoodsDetail::default()
                .merchant_goods_id("1")
                .unit_price(1)
                .refund_quantity(1)]),
            "/goods_detail/0/refund_amount",
        ),
    ] {
        let error = written(&wrong).unwrap_err();
        assert!(
            matches!(&error, proto::BuildError::Documented { problem, .. } if problem.contains(said)),
            "{error}"
        );
    }
    // It does not state what they may say: the same field is then a warning.
    let doubtful = refund.clone().out_refund_no("R🐼");
    let found = doubtful.check();
    assert!(
        found.iter().any(|finding| finding.pointer == "/out_refund_no"),
        "{found:?}"
    );
    assert!(found.iter().all(|finding| !finding.sure), "{found:?}");
    assert_eq!(written(&doubtful), Ok(()));
    // Nor does it vouch for one of two numbers.
    let neither = Create {
        transaction_id: None,
        ..refund
    };
    assert!(!neither.check().is_empty());
    assert_eq!(written(&neither), Ok(()));
}
