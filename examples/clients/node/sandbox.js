// The sandbox, for tests: one for all of them, and in it a world for each.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * @typedef {object} Sandbox
 * @property {string} controlURL
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a sandbox, unless PMPSMART_SANDBOX_URL names one that runs. PMPSMART_SANDBOX_BIN
 * is the program; without it Go runs it from this repository.
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox() {
  const { PMPSMART_SANDBOX_URL: url, PMPSMART_SANDBOX_BIN: program } = process.env;
  if (url) {
    return { controlURL: new URL('/_sandbox', url).href, stop: async () => {} };
  }
  const [command, ...args] = program ? [program] : ['go', '-C', repository, 'run', './cmd/pmpsmart-sandbox'];
  const child = spawn(command, [...args, '-addr', '127.0.0.1:0', '-json', '-quiet', '-until-eof'], {
    stdio: ['pipe', 'pipe', 'inherit'], // when this process is gone, so is the sandbox
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(([code]) => { throw new Error(`the sandbox ended with exit status ${code}`); }),
  ]);
  return {
    controlURL: JSON.parse(line).control_url,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

/**
 * A sandbox of a test's own: data, tokens, faults, requests and clock.
 */
export class World {
  /**
   * Makes a world that ends with the test, and fails it for a fault that no request has met.
   * @param {import('node:test').TestContext} t
   * @param {Sandbox} sandbox
   * @param {object} [start] what docs/testing.md says of a world's body
   */
  static async create(t, sandbox, start = {}) {
    const url = `${sandbox.controlURL}/worlds`;
    const world = new World(url, await control('POST', url, start));
    t.after(() => world.end());
    return world;
  }

  /**
   * @param {string} url
   * @param {any} answer
   */
  constructor(url, answer) {
    this.url = `${url}/${answer.id}`;
    this.controlURL = answer.control_url;
    this.baseURL = answer.base_url;
    this.email = answer.email;
    this.password = answer.password;
  }

  async end() {
    const { unmet } = await control('DELETE', this.url);
    assert.deepEqual(unmet, [], 'no request met these faults');
  }

  /** @param {object[]} faults what is to go wrong */
  fail(...faults) {
    return this.post('faults', faults);
  }

  /**
   * @param {string} [op] an endpoint by the name of the Go method, such as InsertJSONOrder
   * @returns {Promise<any[]>} the requests to it
   */
  async requests(op = '') {
    return (await this.get(`requests?op=${op}`)).requests;
  }

  /** @param {string} path */
  get(path) {
    return control('GET', `${this.controlURL}/${path}`);
  }

  /**
   * @param {string} path
   * @param {unknown} [body]
   */
  post(path, body) {
    return control('POST', `${this.controlURL}/${path}`, body);
  }
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function control(method, url, body) {
  const response = await fetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${url}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}
