import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { OutcomeUnknownError, PMPSmart } from './pmpsmart.js';
import { startSandbox, World } from './sandbox.js';

/** @type {import('./sandbox.js').Sandbox} */
let sandbox;
before(async () => { sandbox = await startSandbox(); });
after(() => sandbox?.stop());

const order = { code: 'PMP-3903001', data: { items: [{ sku: 'KOPI', qty: 2 }] }, status: 'completed' };

/**
 * @param {World} world
 * @param {Partial<import('./pmpsmart.js').Settings>} [settings]
 */
function newClient(world, settings = {}) {
  return new PMPSmart({ ...world, wait: async () => {}, ...settings });
}

/**
 * @template T
 * @param {AsyncIterable<T>} items
 */
async function all(items) {
  const list = [];
  for await (const item of items) {
    list.push(item);
  }
  return list;
}

for (const [style, pages] of Object.entries({ plain: 1, strings: 1, paginated: 3, cursor: 3, resources: 3, loose: 1 })) {
  test(`the orders of a day, in the style ${style}`, async (t) => {
    const world = await World.create(t, sandbox, { empty: true, style, per_page: 2 });
    await world.post('orders', [
      ...[1, 2, 3, 4, 5].map((id) => ({
        id, kode_order: `PMP-${id}`, status: 'open', date_order: '2031-01-02', outlet_id: 7, items: [{ qty: 2, harga: 14500 }],
      })),
      { id: 6, kode_order: 'PMP-6', status: 'open', date_order: '2031-01-01' },
    ]);

    const orders = await all(newClient(world).orders({ date: '2031-01-02' }));

    assert.deepEqual(orders.map(({ code }) => code).sort(), ['PMP-1', 'PMP-2', 'PMP-3', 'PMP-4', 'PMP-5']);
    assert.deepEqual(orders.find(({ id }) => id === 1), {
      id: 1, code: 'PMP-1', status: 'open', date: '2031-01-02', outletId: 7, total: 29000,
    });
    assert.equal((await world.requests('ListOrders')).length, pages);
  });
}

test('an insert whose answer is lost is not repeated', async (t) => {
  const world = await World.create(t, sandbox, { empty: true });
  await world.fail({ op: 'InsertJSONOrder', kind: 'lost answer' });

  const { created } = await newClient(world).ensureJSONOrder(order);

  assert.equal(created, true);
  assert.equal((await world.get('json-orders')).records.length, 1);
  const inserts = await world.requests('InsertJSONOrder');
  assert.deepEqual(inserts.map(({ fault }) => fault), ['lost answer']);
});

test('an insert that was not done is repeated', async (t) => {
  const world = await World.create(t, sandbox, { empty: true });
  await world.fail({ op: 'InsertJSONOrder', kind: 'reset' }, { op: 'InsertJSONOrder', kind: 'answer', status: 500 });

  const { created } = await newClient(world).ensureJSONOrder(order);

  assert.equal(created, true);
  assert.equal((await world.get('json-orders')).records.length, 1);
  assert.equal((await world.requests('InsertJSONOrder')).length, 3);
});

test('an insert that never gets an answer', async (t) => {
  const world = await World.create(t, sandbox, { empty: true });
  await world.fail(...Array(3).fill({ op: 'InsertJSONOrder', kind: 'reset' }));

  await assert.rejects(newClient(world, { maxAttempts: 3 }).ensureJSONOrder(order), OutcomeUnknownError);
});

test('an order that is there is not inserted again', async (t) => {
  const world = await World.create(t, sandbox, { empty: true });
  const client = newClient(world);
  const first = await client.ensureJSONOrder(order);

  const second = await client.ensureJSONOrder(order);

  assert.deepEqual(second, { order: first.order, created: false });
  assert.deepEqual(second.order, { ...order, id: 1 });
  assert.equal((await world.requests('InsertJSONOrder')).length, 1);
});

test('an expired token is renewed, once for all calls', async (t) => {
  const world = await World.create(t, sandbox, { seed: 10 });
  const client = newClient(world);
  await all(client.orders());
  await world.post('tokens/expire');

  const lists = await Promise.all([1, 2, 3].map(() => all(client.orders())));

  assert.deepEqual(lists.map((orders) => orders.length), [10, 10, 10]);
  assert.deepEqual(await world.get('logins'), { logins: 2 });
});

test('a server that asks to wait is given the time', async (t) => {
  const world = await World.create(t, sandbox, { seed: 10 });
  await world.fail({ op: 'ListOrders', kind: 'answer', status: 429, header: { 'Retry-After': ['7'] } });
  /** @type {number[]} */
  const waits = [];

  const orders = await all(newClient(world, { wait: async (ms) => waits.push(ms) }).orders());

  assert.equal(orders.length, 10);
  assert.deepEqual(waits, [7000]);
});

test('a long maintenance is told at once', async (t) => {
  const world = await World.create(t, sandbox, { seed: 10 });
  const client = newClient(world);
  await client.login();
  await world.post('down', { retry_after_s: 600 });

  await assert.rejects(all(client.orders()), { name: 'APIError', status: 503, retryAfter: 600 });

  await world.post('up');
  assert.equal((await all(client.orders())).length, 10);
});

test('a refusal says what the server says', async (t) => {
  const world = await World.create(t, sandbox);
  const client = newClient(world);

  await assert.rejects(client.ensureJSONOrder({ ...order, status: '' }), {
    status: 422,
    message: 'insert order: 422 The given data was invalid. (status: The status field is required.)',
    fields: { status: ['The status field is required.'] },
  });
  await assert.rejects(newClient(world, { password: 'keliru' }).login(), {
    message: 'log in: 401 Email atau password salah',
  });
  await world.post('style', { style: 'failure=false' });
  await assert.rejects(newClient(world, { password: 'keliru' }).login(), {
    name: 'APIError', status: 200, message: 'log in: 200 Email atau password salah',
  });
  assert.doesNotMatch(inspect(client, { depth: null }), new RegExp(world.password));
});

test('a fault that no request meets fails a test', async () => {
  const context = /** @type {any} */ ({ after: () => {} });
  const world = await World.create(context, sandbox);
  await world.fail({ op: 'GetOrder', kind: 'reset' });

  await assert.rejects(world.end(), { name: 'AssertionError' });
});

test('the program', async (t) => {
  const world = await World.create(t, sandbox, { seed: 200 });
  /** @param {string[]} args */
  const run = (...args) => promisify(execFile)(process.execPath, [fileURLToPath(new URL('orders.js', import.meta.url)), ...args], {
    env: { PATH: process.env.PATH, PMPSMART_BASE_URL: world.baseURL, PMPSMART_EMAIL: world.email, PMPSMART_PASSWORD: world.password },
  });

  assert.match((await run('today')).stdout, /^(PMP-\d{7}  (open|pending|complete|cancel) +\d+\n)+$/);
  assert.equal((await run('insert', 'K1', '{"a":1}')).stdout, 'K1 inserted\n');
  assert.equal((await run('insert', 'K1', '{"a":1}')).stdout, 'K1 was there already\n');
  await assert.rejects(run('insert', 'K1', '{"a":2}'), { code: 1, stderr: 'order K1 is there already, with other data\n' });
  await assert.rejects(run('besok'), { code: 1, stderr: 'usage: node orders.js today | insert CODE JSON\n' });
});
