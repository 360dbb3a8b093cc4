"""The simulator as a program finds it: the test that starts this process tells where it is, and which keys there are."""

import http.server
import json
import os
import queue
import threading
import urllib.request

from wechatpayv3 import WeChatPay, WeChatPayType

WORLD = json.loads(os.environ["WXPAY_WORLD"])
MERCHANT, PARTNER, PLATFORM = WORLD["merchant"], WORLD["partner"], WORLD["platform"]


def client(account, **more):
    """A client of an account, made as the SDK's own documentation makes one."""
    return WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=account["mchid"],
        private_key=account["private_key"],
        cert_serial_no=account["serial"],
        appid=account["appid"],
        apiv3_key=account["api_v3_key"],
        notify_url="https://shop.example/notify",
        **more,
    )


# The client verifies with the platform's public key.
PUBLIC_KEY = {"public_key": PLATFORM["public_key"], "public_key_id": PLATFORM["public_key_id"]}


def control(path, body=None):
    """What the user, the bank or the clock do, which no SDK can."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(WORLD["control"] + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def today():
    """The day of the business clock, in Beijing."""
    return control("status")["clocks"]["business"][:10]


class Shop:
    """A shop that notifications are sent to: `url` is where they go, `next` waits for one."""

    def __init__(self):
        came = self.came = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                came.put((self.headers, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/notify"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self):
        return self.came.get(timeout=30)
