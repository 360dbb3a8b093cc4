'use strict';

// Journeys with wechatpay-axios-plugin as it comes from the registry. `node journeys.js NAME` runs one.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const {
  Aes: { AesGcm }, Formatter, Hash, Multipart, Rsa, Transformer,
} = require('wechatpay-axios-plugin');
const {
  world, client, publicKey, control, today, shop,
} = require('./world');

const { merchant, partner, platform } = world;
// By this header a client asks for answers that are signed with the public key.
const byPublicKey = { headers: { 'Wechatpay-Serial': platform.public_key_id } };

function order(number, notify) {
  return {
    appid: merchant.appid,
    mchid: merchant.mchid,
    description: '茶 & "伞"',
    out_trade_no: number,
    notify_url: notify || 'https://shop.example/notify',
    amount: { total: 888, currency: 'CNY' },
  };
}

// The refusal that a call ends in.
async function refused(call) {
  const error = await call.then(() => null, (reason) => reason);
  assert.ok(error && error.response, `a refusal is wanted, not ${error}`);
  return error.response;
}

// Verifies and opens a notification as the SDK's documentation says.
function opened(notice) {
  const { headers, body } = notice;
  assert.equal(headers['wechatpay-serial'], platform.public_key_id);
  assert.ok(Math.abs(Formatter.timestamp() - headers['wechatpay-timestamp']) < 300);
  const signed = Formatter.joinedByLineFeed(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], body);
  const key = Rsa.from(platform.public_key, Rsa.KEY_TYPE_PUBLIC);
  assert.ok(Rsa.verify(signed, headers['wechatpay-signature'], key));
  assert.ok(!Rsa.verify(`${signed} `, headers['wechatpay-signature'], key));
  const { event_type: event, resource } = JSON.parse(body);
  const text = AesGcm.decrypt(resource.ciphertext, merchant.api_v3_key, resource.nonce, resource.associated_data);
  return { event, about: JSON.parse(text) };
}

const journeys = {
  async order() {
    const wxpay = client(merchant, publicKey);
    const { transactions } = wxpay.v3.pay;
    const made = await transactions.native.post(order('NODE-Order_1'), byPublicKey);
    assert.match(made.data.code_url, /^weixin:\/\//);
    const asked = { params: { mchid: merchant.mchid }, out_trade_no: 'NODE-Order_1', ...byPublicKey };
    const unpaid = await transactions.outTradeNo.$out_trade_no$.get(asked);
    assert.equal(unpaid.data.trade_state, 'NOTPAY');
    const body = { mchid: merchant.mchid };
    const named = { out_trade_no: 'NODE-Order_1', ...byPublicKey };
    const closed = await transactions.outTradeNo.$out_trade_no$.close.post(body, named);
    assert.equal(closed.status, 204);
    assert.equal((await transactions.outTradeNo.$out_trade_no$.get(asked)).data.trade_state, 'CLOSED');
    const unknown = await refused(transactions.outTradeNo.$out_trade_no$.get({ ...asked, out_trade_no: 'NONE01' }));
    assert.deepEqual([unknown.status, unknown.data.code], [404, 'ORDER_NOT_EXIST']);
    // JSAPI wants to know who pays.
    const unnamed = await refused(transactions.jsapi.post(order('NODE-Order_2'), byPublicKey));
    assert.equal(unnamed.status, 400);
  },

  // The certificates come encrypted; the answer that brought them verifies with one of them, and so does the next one.
  // (The SDK's own program for it, `wxpay crt`, verifies in 0.9.6 against a copy that it made before it had them.)
  async certificates() {
    const any = client(merchant, { any: platform.public_key });
    const told = await any.v3.certificates.get({ transformResponse: [] });
    const certs = Object.fromEntries(JSON.parse(told.data).data.map((one) => {
      const { nonce, associated_data: aad, ciphertext } = one.encrypt_certificate;
      return [one.serial_no, AesGcm.decrypt(ciphertext, merchant.api_v3_key, nonce, aad)];
    }));
    assert.deepEqual(Object.keys(certs).sort(), Object.keys(platform.certificates).sort());
    const { headers } = told;
    const signed = Formatter.response(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], told.data);
    const key = Rsa.from(certs[headers['wechatpay-serial']], Rsa.KEY_TYPE_PUBLIC);
    assert.ok(Rsa.verify(signed, headers['wechatpay-signature'], key));
    const made = await client(merchant, certs).v3.pay.transactions.native.post(order('NODE-Certs_1'));
    assert.ok(Object.hasOwn(certs, made.headers['wechatpay-serial']));
  },

  async paid_and_refunded() {
    const wxpay = client(merchant, publicKey);
    const receiver = await shop();
    await wxpay.v3.pay.transactions.native.post(order('NODE-Paid_1', receiver.url), byPublicKey);
    await control('orders/pay', { number: 'NODE-Paid_1', openid: 'oNode' });
    const paid = opened(await receiver.next());
    assert.equal(paid.event, 'TRANSACTION.SUCCESS');
    assert.equal(paid.about.out_trade_no, 'NODE-Paid_1');
    assert.equal(paid.about.amount.payer_total, 888);
    assert.equal(paid.about.payer.openid, 'oNode');
    const { transaction_id } = paid.about;
    const asked = { params: { mchid: merchant.mchid }, transaction_id, ...byPublicKey };
    assert.equal((await wxpay.v3.pay.transactions.id.$transaction_id$.get(asked)).data.trade_state, 'SUCCESS');

    const refund = {
      transaction_id,
      out_refund_no: 'NODE-Refund_1',
      reason: '商品已售完',
      notify_url: receiver.url,
      amount: { refund: 88, total: 888, currency: 'CNY' },
    };
    const { refunds } = wxpay.v3.refund.domestic;
    assert.equal((await refunds.post(refund, byPublicKey)).data.status, 'PROCESSING');
    const again = await refunds.post(refund, byPublicKey);
    await control('refunds/settle', { number: 'NODE-Refund_1', outcome: 'success' });
    const done = opened(await receiver.next());
    assert.equal(done.event, 'REFUND.SUCCESS');
    assert.equal(done.about.refund_id, again.data.refund_id);
    const number = { out_refund_no: 'NODE-Refund_1', ...byPublicKey };
    assert.equal((await refunds.$out_refund_no$.get(number)).data.status, 'SUCCESS');
    const more = { ...refund, amount: { ...refund.amount, refund: 89 } };
    assert.equal((await refused(refunds.post(more, byPublicKey))).status, 400);
    receiver.close();
  },

  async upload() {
    const wxpay = client(partner, publicKey);
    const image = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), crypto.randomBytes(2000)]);
    const send = (digest) => {
      const form = new Multipart();
      form.append('meta', JSON.stringify({ filename: '照片.png', sha256: digest }));
      form.append('file', image, '照片.png');
      return wxpay.v3.merchant.media.upload.post(form.getBuffer(), {
        meta: form.toJSON(),
        headers: { ...form.getHeaders(), ...byPublicKey.headers },
      });
    };
    const digest = crypto.createHash('sha256').update(image).digest('hex');
    assert.ok((await send(digest)).data.media_id);
    const wrong = await refused(send(digest.replace(/./, (digit) => (digit === '0' ? '1' : '0'))));
    assert.deepEqual([wrong.status, wrong.data.code], [400, 'PARAM_ERROR']);
  },

  async bill() {
    const wxpay = client(merchant, publicKey);
    await wxpay.v3.pay.transactions.native.post(order('NODE-Bill_1'), byPublicKey);
    await control('orders/pay', { number: 'NODE-Bill_1' });
    const day = await today();
    await control('clock', { seconds: 2 * 86400 });
    const params = { bill_date: day, bill_type: 'ALL', tar_type: 'GZIP' };
    const told = (await wxpay.v3.bill.tradebill.get({ params, ...byPublicKey })).data;
    const { token } = Object.fromEntries(new URL(told.download_url).searchParams);
    const file = await wxpay.v3.billdownload.file.get({ params: { token }, responseType: 'arraybuffer' });
    const text = zlib.gunzipSync(file.data);
    assert.equal(crypto.createHash('sha1').update(text).digest('hex'), told.hash_value);
    assert.match(text.toString(), /`NODE-Bill_1,.*`8\.88/);
  },

  // A name goes out encrypted for the platform.
  async transfer() {
    const wxpay = client(merchant, publicKey);
    const bill = {
      appid: merchant.appid,
      out_bill_no: 'NODETransfer1',
      transfer_scene_id: '1000',
      openid: 'oNode',
      user_name: Rsa.encrypt('张三', Rsa.from(platform.public_key, Rsa.KEY_TYPE_PUBLIC)),
      transfer_amount: 300000,
      transfer_remark: '报销',
      transfer_scene_report_infos: [{ info_type: '活动名称', info_content: '新会员有礼' }],
    };
    await control('balance', { mchid: merchant.mchid, balance: 1000000 });
    const bills = wxpay.v3.fundApp.mchTransfer.transferBills;
    const made = await bills.post(bill, byPublicKey);
    assert.equal(made.data.out_bill_no, 'NODETransfer1');
    const asked = await bills.outBillNo.$out_bill_no$.get({ out_bill_no: 'NODETransfer1', ...byPublicKey });
    assert.equal(asked.data.transfer_amount, 300000);
    const unopened = { ...bill, out_bill_no: 'NODETransfer2', user_name: 'bm8ga2V5IG9wZW5zIHRoaXM=' };
    assert.equal((await refused(bills.post(unopened, byPublicKey))).status, 400);
  },

  async v2() {
    const wxpay = client(merchant, publicKey);
    const receiver = await shop();
    const account = { appid: merchant.appid, mch_id: merchant.mchid };
    const create = (number, type) => ({
      ...account,
      body: '<茶> & "]伞"',
      out_trade_no: number,
      total_fee: 888,
      spbill_create_ip: '127.0.0.1',
      notify_url: receiver.url,
      trade_type: 'NATIVE',
      product_id: '1',
      ...(type && { sign_type: type }),
    });
    // MD5 and HMAC-SHA256.
    const made = await wxpay.v2.pay.unifiedorder.post(create('NODEV21'));
    assert.match(made.data.code_url, /^weixin:\/\//);
    const other = await wxpay.v2.pay.unifiedorder.post(create('NODEV22', 'HMAC-SHA256'));
    assert.equal(other.data.sign.length, 64);
    const query = (number) => wxpay.v2.pay.orderquery.post({ ...account, out_trade_no: number });
    assert.equal((await query('NODEV21')).data.trade_state, 'NOTPAY');
    await control('clock', { seconds: 301 });
    await wxpay.v2.pay.closeorder.post({ ...account, out_trade_no: 'NODEV22' });
    assert.equal((await query('NODEV22')).data.trade_state, 'CLOSED');

    await control('orders/pay', { number: 'NODEV21' });
    const told = Transformer.toObject((await receiver.next()).body);
    assert.ok(Hash.equals(Hash.sign(Hash.ALGO_MD5, told, merchant.api_v2_key), told.sign));
    assert.deepEqual([told.result_code, told.out_trade_no, told.total_fee], ['SUCCESS', 'NODEV21', '888']);

    // A refund asks for the client certificate; without it the answer is a refusal.
    const refund = {
      ...account, out_trade_no: 'NODEV21', out_refund_no: 'NODEV2R1', total_fee: 888, refund_fee: 100, notify_url: receiver.url,
    };
    await refused(wxpay.v2.secapi.pay.refund.post(refund));
    const returned = await wxpay.v2.secapi.pay.refund.post(refund, { security: true });
    assert.equal(returned.data.refund_fee, '100');
    await control('clock', { seconds: 10 });
    const done = await wxpay.v2.pay.refundquery.post({ ...account, out_refund_no: 'NODEV2R1' });
    assert.equal(done.data.refund_status_0, 'SUCCESS');

    const day = (await today()).replaceAll('-', '');
    await control('clock', { seconds: 2 * 86400 });
    const bill = await wxpay.v2.pay.downloadbill.post(
      { ...account, bill_date: day, bill_type: 'ALL' },
      { responseType: 'arraybuffer', transformResponse: [] },
    );
    assert.match(bill.data.toString(), /`NODEV21,/);
    receiver.close();
  },
};

const journey = journeys[process.argv[2]];
if (!journey) throw new Error(`there is no journey ${process.argv[2]}, but ${Object.keys(journeys).join(', ')}`);
journey().then(() => console.log('done'), (error) => {
  // All of an axios error is a hundred pages, with keys in it.
  console.error(error.stack, error.response ? [error.response.status, error.response.data] : '');
  process.exitCode = 1;
});
