'use strict';

// The simulator as a program finds it: the test that starts this process tells where it is, and which keys there are.

const http = require('node:http');
const { Wechatpay } = require('wechatpay-axios-plugin');

const world = JSON.parse(process.env.WXPAY_WORLD);

// A client of an account, made as the SDK's own documentation makes one.
function client(account, certs) {
  return new Wechatpay({
    mchid: account.mchid,
    serial: account.serial,
    privateKey: account.private_key,
    certs,
    secret: account.api_v2_key,
    merchant: { cert: account.certificate, key: account.private_key },
  });
}

// The platform's public key, by its id.
const publicKey = { [world.platform.public_key_id]: world.platform.public_key };

// What the user, the bank or the clock do, which no SDK can.
async function control(path, body) {
  const answer = await fetch(`${world.control}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// The day of the business clock, in Beijing.
async function today() {
  const answer = await (await fetch(`${world.control}status`)).json();
  return answer.clocks.business.slice(0, 10);
}

// A shop that notifications are sent to. `next` waits for one; `url` is where they go.
async function shop() {
  const came = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      response.writeHead(204).end();
      const notice = { headers: request.headers, body: Buffer.concat(parts).toString() };
      const waiter = waiting.shift();
      if (waiter) waiter(notice);
      else came.push(notice);
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${server.address().port}/notify`,
    next: () => new Promise((resolve, reject) => {
      const notice = came.shift();
      if (notice) resolve(notice);
      else waiting.push(resolve);
      setTimeout(() => reject(new Error('no notification within 30 s')), 30000).unref();
    }),
    close: () => server.close(),
  };
}

module.exports = { world, client, publicKey, control, today, shop };
