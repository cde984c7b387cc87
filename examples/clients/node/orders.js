#!/usr/bin/env node
// Today's orders, and orders from other systems.
//
//   node orders.js today
//   node orders.js insert CODE JSON
//
// PMPSMART_BASE_URL, PMPSMART_EMAIL and PMPSMART_PASSWORD name the server and the account.
import { isDeepStrictEqual } from 'node:util';
import { PMPSmart } from './pmpsmart.js';

const usage = 'usage: node orders.js today | insert CODE JSON';

/**
 * The day in Jakarta, where the server counts its days.
 * @param {Date} now
 */
function dayInJakarta(now) {
  return new Date(now.getTime() + 7 * 3600_000).toISOString().slice(0, 10);
}

/**
 * @param {PMPSmart} client
 * @param {string[]} args
 */
async function run(client, [command, ...args]) {
  if (command === 'today' && args.length === 0) {
    for await (const order of client.orders({ date: dayInJakarta(new Date()) })) {
      console.log(`${order.code}  ${order.status.padEnd(8)}  ${String(order.total ?? '').padStart(9)}`);
    }
  } else if (command === 'insert' && args.length === 2) {
    const [code, text] = args;
    const wanted = { code, data: JSON.parse(text), status: 'completed' };
    const { order, created } = await client.ensureJSONOrder(wanted);
    if (!isDeepStrictEqual({ ...order, id: 0 }, { ...wanted, id: 0 })) {
      throw new Error(`order ${code} is there already, with other data`);
    }
    console.log(created ? `${code} inserted` : `${code} was there already`);
  } else {
    throw new Error(usage);
  }
}

/** @param {string} name */
function setting(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

try {
  const client = new PMPSmart({
    baseURL: process.env.PMPSMART_BASE_URL || 'https://api.pmpsmart.com/api/v1',
    email: setting('PMPSMART_EMAIL'),
    password: setting('PMPSMART_PASSWORD'),
  });
  await run(client, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
