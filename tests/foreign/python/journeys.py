"""Journeys with wechatpayv3 as it comes from the registry. `python journeys.py NAME` runs one."""

import gzip
import hashlib
import json
import os
import sys
import tempfile

from world import MERCHANT, PARTNER, PUBLIC_KEY, Shop, client, control, today
from wechatpayv3 import WeChatPayType


def answered(result, status=200):
    """What an answer tells, which the SDK has verified if it is a success."""
    code, body = result
    assert code == status, (code, body)
    return json.loads(body) if body else None


def create(wxpay, number, **more):
    return answered(wxpay.pay(description='茶 & "伞"', out_trade_no=number, amount={"total": 888}, **more))


def order():
    wxpay = client(MERCHANT, **PUBLIC_KEY)
    assert create(wxpay, "PY-Order_1")["code_url"].startswith("weixin://")
    jsapi = create(wxpay, "PY-Order_2", pay_type=WeChatPayType.JSAPI, payer={"openid": "oPython"})
    assert jsapi["prepay_id"]
    assert answered(wxpay.query(out_trade_no="PY-Order_1"))["trade_state"] == "NOTPAY"
    answered(wxpay.close("PY-Order_1"), 204)
    assert answered(wxpay.query(out_trade_no="PY-Order_1"))["trade_state"] == "CLOSED"
    assert answered(wxpay.query(out_trade_no="NONE01"), 404)["code"] == "ORDER_NOT_EXIST"


def certificates():
    """Without the public key the SDK fetches the certificates, opens them, and verifies with them."""
    with tempfile.TemporaryDirectory() as folder:
        kept = os.path.join(folder, "certificates")
        create(client(MERCHANT, cert_dir=kept), "PY-Certs_1")
        assert len(os.listdir(kept)) == 2, os.listdir(kept)
        # A second client finds the files.
        create(client(MERCHANT, cert_dir=kept), "PY-Certs_2")


def combined():
    wxpay = client(MERCHANT, **PUBLIC_KEY)
    parts = [
        {
            "mchid": MERCHANT["mchid"],
            "attach": "深圳分店",
            "amount": {"total_amount": 100, "currency": "CNY"},
            "out_trade_no": f"PYPart_{index}",
            "description": "茶",
        }
        for index in (1, 2)
    ]
    assert answered(wxpay.combine_pay("PYCombined1", parts))["code_url"]
    states = [part["trade_state"] for part in answered(wxpay.combine_query("PYCombined1"))["sub_orders"]]
    assert states == ["NOTPAY", "NOTPAY"], states
    named = [{"mchid": part["mchid"], "out_trade_no": part["out_trade_no"]} for part in parts]
    answered(wxpay.combine_close("PYCombined1", named), 204)


def paid_and_refunded():
    shop = Shop()
    wxpay = client(MERCHANT, **PUBLIC_KEY)
    number, refund = "PYPaid_1", "PYRefund_1"
    create(wxpay, number, notify_url=shop.url)
    control("orders/pay", {"number": number, "openid": "oPython"})
    headers, body = shop.next()
    paid = wxpay.callback(headers, body)
    assert paid["event_type"] == "TRANSACTION.SUCCESS"
    about = paid["resource"]
    assert (about["out_trade_no"], about["payer"]["openid"]) == (number, "oPython")
    assert wxpay.callback(headers, body + b" ") is None, "a changed notification must not verify"
    found = answered(wxpay.query(transaction_id=about["transaction_id"]))
    assert found["trade_state"] == "SUCCESS"

    amount = {"refund": 88, "total": 888, "currency": "CNY"}
    made = answered(wxpay.refund(refund, amount, out_trade_no=number, reason="商品已售完", notify_url=shop.url))
    assert made["status"] == "PROCESSING"
    control("refunds/settle", {"number": refund, "outcome": "success"})
    done = wxpay.callback(*shop.next())
    assert done["event_type"] == "REFUND.SUCCESS"
    assert done["resource"]["refund_id"] == made["refund_id"]
    assert answered(wxpay.query_refund(refund))["status"] == "SUCCESS"
    answered(wxpay.refund(refund, {**amount, "refund": 89}, out_trade_no=number), 400)


def notified_in_certificate_mode():
    """A merchant that has no public key yet is notified by the certificate's signature."""
    shop = Shop()
    wxpay = client(MERCHANT)
    create(wxpay, "PYMode_1", notify_url=shop.url)
    control("orders/pay", {"number": "PYMode_1"})
    assert wxpay.callback(*shop.next())["resource"]["out_trade_no"] == "PYMode_1"


def upload():
    wxpay = client(PARTNER, partner_mode=True, **PUBLIC_KEY)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "photo.png")
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + os.urandom(2000))
        assert answered(wxpay.image_upload(path))["media_id"]


def bill():
    wxpay = client(MERCHANT, **PUBLIC_KEY)
    create(wxpay, "PYBill_1")
    control("orders/pay", {"number": "PYBill_1"})
    day = today()
    control("clock", {"seconds": 2 * 86400})
    told = answered(wxpay.trade_bill(day))
    status, file = wxpay.download_bill(told["download_url"])
    text = gzip.decompress(file)
    assert status == 200 and hashlib.sha1(text).hexdigest() == told["hash_value"]
    assert "`PYBill_1," in text.decode() and "`8.88" in text.decode()


def transfer():
    """A name goes out encrypted for the platform."""
    wxpay = client(MERCHANT, **PUBLIC_KEY)
    control("balance", {"mchid": MERCHANT["mchid"], "balance": 1000000})
    made = answered(
        wxpay.mch_transfer_bills(
            out_bill_no="PYTransfer1",
            transfer_scene_id="1000",
            openid="oPython",
            transfer_amount=300000,
            transfer_remark="报销",
            user_name="张三",
            transfer_scene_report_infos=[{"info_type": "活动名称", "info_content": "新会员有礼"}],
        )
    )
    found = answered(wxpay.mch_transfer_bills_query(out_bill_no="PYTransfer1"))
    assert (found["transfer_bill_no"], found["transfer_amount"]) == (made["transfer_bill_no"], 300000)


def shared():
    """Profit sharing: a receiver whose name is encrypted, a share of a paid order, and the rest."""
    wxpay = client(MERCHANT, **PUBLIC_KEY)
    answered(wxpay.profitsharing_add_receiver("PERSONAL_OPENID", "oReceiver", "STAFF", name="李四"))
    create(wxpay, "PYShared_1", settle_info={"profit_sharing": True})
    control("orders/pay", {"number": "PYShared_1"})
    transaction = answered(wxpay.query(out_trade_no="PYShared_1"))["transaction_id"]
    control("clock", {"seconds": 120})
    receivers = [{"type": "PERSONAL_OPENID", "account": "oReceiver", "amount": 100, "description": "分给员工"}]
    answered(wxpay.profitsharing_order(transaction, "PYSplit1", receivers, unfreeze_unsplit=False))
    control("clock", {"seconds": 10})
    done = answered(wxpay.profitsharing_order_query(transaction, "PYSplit1"))
    assert (done["state"], done["receivers"][0]["result"]) == ("FINISHED", "SUCCESS"), done
    assert answered(wxpay.profitsharing_amount_query(transaction))["unsplit_amount"] == 788


JOURNEYS = {
    journey.__name__: journey
    for journey in (
        order, certificates, combined, paid_and_refunded, notified_in_certificate_mode, upload, bill, transfer, shared,
    )
}

if __name__ == "__main__":
    JOURNEYS[sys.argv[1]]()
    print("done")
