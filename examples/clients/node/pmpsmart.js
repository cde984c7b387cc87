// A small client for the API of PMP Smart: what this program needs, with the care that
// the server asks for. Copy it and add the endpoints that you use.
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Order
 * @property {number} id
 * @property {string} code
 * @property {string} status open, pending, complete or cancel
 * @property {string} date such as 2026-02-02
 * @property {number} outletId
 * @property {number} [total] if the server sends one
 *
 * @typedef {object} JSONOrder
 * @property {number} id
 * @property {string} code
 * @property {unknown} data
 * @property {string} status
 *
 * @typedef {object} Settings
 * @property {string} baseURL such as https://api.pmpsmart.com/api/v1
 * @property {string} email
 * @property {string} password
 * @property {number} [timeout] milliseconds that a request may take; 30,000 by default
 * @property {number} [maxAttempts] how often a request is made at most; 4 by default
 * @property {(ms: number) => Promise<unknown>} [wait] waits before a repetition
 */

/** The server has refused a request. */
export class APIError extends Error {
  name = 'APIError';

  /**
   * @param {string} what
   * @param {{ status: number, message: string, fields?: Record<string, string[]>, retryAfter?: number }} answer
   */
  constructor(what, { status, message, fields = {}, retryAfter }) {
    const problems = Object.entries(fields).map(([field, texts]) => `${field}: ${[texts].flat().join(' ')}`);
    super(`${what}: ${status} ${message}${problems.length > 0 ? ` (${problems.join('; ')})` : ''}`);
    this.status = status;
    this.fields = fields;
    /** Seconds after which the server wants to be asked again, if it says so. */
    this.retryAfter = retryAfter;
  }
}

/** No answer came, or none that can be read. */
export class NoAnswerError extends Error {
  name = 'NoAnswerError';

  /**
   * @param {string} what
   * @param {string} problem
   * @param {{ sent: boolean, cause?: unknown }} details sent: whether the request may have been acted on
   */
  constructor(what, problem, { sent, cause }) {
    super(`${what}: ${problem}`, { cause });
    this.sent = sent;
  }
}

/** An insert was sent, and nothing tells whether it was done. */
export class OutcomeUnknownError extends Error {
  name = 'OutcomeUnknownError';
}

const minWait = 200;
const maxWait = 10_000;

/** Errors of a connection that was never made: nothing was sent. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

export class PMPSmart {
  #settings;
  /** @type {Promise<string> | undefined} the token, shared by all who wait for the same login */
  #session;

  /** @param {Settings} settings */
  constructor({ timeout = 30_000, maxAttempts = 4, wait = sleep, ...account }) {
    this.#settings = { timeout, maxAttempts, wait, ...account };
  }

  /**
   * Logs in. Other methods do so by themselves when they need to. The vendor's page says
   * that the token is the answer's api_token, and not where it is.
   * @returns {Promise<string>} the token
   */
  async login() {
    const { email, password } = this.#settings;
    const answer = await this.#repeat(() => this.#send('log in', 'auth/login', { email, password }));
    for (const { api_token, access_token, token } of [answer.data, answer.data?.user, answer].filter(Boolean)) {
      const found = api_token ?? access_token ?? token;
      if (typeof found === 'string' && found !== '') {
        return found;
      }
    }
    throw new NoAnswerError('log in', 'the answer holds no api_token', { sent: true });
  }

  /**
   * Lists orders, page after page.
   * @param {{ date?: string, status?: string, outletId?: number }} [filter]
   * @returns {AsyncGenerator<Order, void>}
   */
  async *orders({ date, status, outletId } = {}) {
    const filter = { date_order: date, status, outlet_id: outletId }; // JSON leaves out what is undefined
    for await (const record of this.#list('list orders', 'order', filter)) {
      yield toOrder(record);
    }
  }

  /**
   * Inserts an order unless there is one of its code. After an insert without an answer it
   * looks for the order before it inserts again, so that none is inserted twice.
   * @param {{ code: string, data: unknown, status: string }} order
   * @returns {Promise<{ order: JSONOrder, created: boolean }>} created: whether this call has inserted it
   */
  async ensureJSONOrder({ code, data, status }) {
    const body = { kode_order: code, json_data: JSON.stringify(data), status };
    let lost;
    for (let attempt = 1; attempt <= this.#settings.maxAttempts; attempt++) {
      const found = await this.findJSONOrder(code);
      if (found) {
        return { order: found, created: lost !== undefined };
      }
      try {
        const { data } = await this.#call('insert order', 'json/order', body, { isInsert: true });
        return { order: toJSONOrder({ ...body, ...data }), created: true };
      } catch (error) {
        if (!mayHaveBeenDone(error)) {
          throw error;
        }
        lost = error;
        await this.#settings.wait(backoff(attempt));
      }
    }
    const found = await this.findJSONOrder(code);
    if (found) {
      return { order: found, created: true };
    }
    throw new OutcomeUnknownError(`order ${code} may have been inserted; look for it before you insert it again`, { cause: lost });
  }

  /**
   * @param {string} code
   * @returns {Promise<JSONOrder | undefined>}
   */
  async findJSONOrder(code) {
    for await (const record of this.#list('find order', 'json/order/get/filter', { kode_order: code })) {
      if (String(record.kode_order) === code) { // a server may find similar codes too
        return toJSONOrder(record);
      }
    }
  }

  /**
   * Reads a list to its end, whether the server sends it whole or in Laravel's pages.
   * @param {string} what
   * @param {string} path
   * @param {object} filter
   * @returns {AsyncGenerator<any, void>}
   */
  async *#list(what, path, filter) {
    const seen = new Set();
    for (let query = ''; ; ) {
      const { data, links } = await this.#call(what, path, filter, { query });
      const records = data?.data ?? data ?? [];
      if (!Array.isArray(records)) {
        throw new NoAnswerError(what, 'the answer holds no list', { sent: true });
      }
      yield* records;
      query = nextQuery(data?.next_page_url ?? links?.next);
      if (query === '') {
        return;
      }
      if (seen.has(query)) {
        throw new NoAnswerError(what, `the server leads back to the page ${query}`, { sent: true });
      }
      seen.add(query);
    }
  }

  /**
   * Makes a request with a token, repeats what may be repeated, and logs in again if the
   * token has expired.
   * @param {string} what
   * @param {string} path
   * @param {object} body
   * @param {{ query?: string, isInsert?: boolean }} options
   */
  #call(what, path, body, { query = '', isInsert = false }) {
    return this.#repeat(async () => {
      const session = this.#currentSession();
      const token = await session;
      try {
        return await this.#send(what, path + query, body, token);
      } catch (error) {
        if (!(error instanceof APIError && error.status === 401)) {
          throw error;
        }
        if (this.#session === session) {
          this.#session = undefined; // the first to notice; others wait for its login
        }
        return await this.#send(what, path + query, body, await this.#currentSession());
      }
    }, isInsert);
  }

  /** @returns {Promise<string>} */
  #currentSession() {
    if (this.#session === undefined) {
      const session = this.login();
      session.catch(() => {
        if (this.#session === session) {
          this.#session = undefined;
        }
      });
      this.#session = session;
    }
    return this.#session;
  }

  /**
   * @template T
   * @param {() => Promise<T>} request
   * @param {boolean} [isInsert]
   * @returns {Promise<T>}
   */
  async #repeat(request, isInsert = false) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request();
      } catch (error) {
        const after = /** @type {{ retryAfter?: number }} */ (error).retryAfter ?? 0;
        if (attempt >= this.#settings.maxAttempts || after * 1000 > maxWait || !mayBeRepeated(error, isInsert)) {
          throw error;
        }
        await this.#settings.wait(Math.max(after * 1000, backoff(attempt)));
      }
    }
  }

  /**
   * Sends one request and judges the answer.
   * @param {string} what
   * @param {string} path
   * @param {object} body
   * @param {string} [token]
   * @returns {Promise<any>} the answer's JSON
   */
  async #send(what, path, body, token) {
    const { baseURL, timeout } = this.#settings;
    let response, text;
    try {
      response = await fetch(`${baseURL.replace(/\/+$/, '')}/${path}`, {
        method: 'POST',
        headers: {
          Accept: 'application/json', // without it Laravel answers in HTML
          'Content-Type': 'application/json',
          ...(token && { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        redirect: 'manual', // to follow one would make a GET of a POST
        signal: AbortSignal.timeout(timeout),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = /** @type {Error & { cause?: { code?: string, message?: string } }} */ (error);
      const problem = `no answer: ${cause?.message || cause?.code || message}`;
      throw new NoAnswerError(what, problem, { sent: !notConnected.has(cause?.code ?? ''), cause: error });
    }
    return judge(what, response, text);
  }
}

/**
 * Returns the JSON of an answer that says yes.
 * @param {string} what
 * @param {Response} response
 * @param {string} text
 */
function judge(what, response, text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    // an HTML page, or half an answer
  }
  const status = response.ok ? refusal(answer) : response.status;
  if (status !== undefined) {
    const seconds = response.headers.get('Retry-After');
    throw new APIError(what, {
      status,
      message: answer?.message || response.statusText || 'refused',
      fields: answer?.errors ?? {},
      retryAfter: seconds === null || !/^\d+$/.test(seconds) ? undefined : Number(seconds),
    });
  }
  if (typeof answer !== 'object' || answer === null) {
    throw new NoAnswerError(what, `the answer is no JSON: ${JSON.stringify(text.slice(0, 80))}`, { sent: true });
  }
  return Array.isArray(answer) ? { data: answer } : answer;
}

/**
 * Returns the status of a refusal that came as HTTP 200, else undefined.
 * @param {any} answer
 * @returns {number | undefined}
 */
function refusal(answer) {
  const status = answer?.status ?? answer?.success;
  if (Number(status) >= 400) {
    return Number(status);
  }
  const isNo = status === false || status === 0 || /^(error|fail|gagal|false|0$)/i.test(String(status));
  return isNo ? 200 : undefined;
}

/**
 * @param {unknown} error
 * @param {boolean} isInsert
 */
function mayBeRepeated(error, isInsert) {
  if (error instanceof NoAnswerError) {
    return !isInsert || !error.sent;
  }
  if (!(error instanceof APIError)) {
    return false;
  }
  if (error.status === 429 || (error.status === 503 && error.retryAfter !== undefined)) {
    return true; // it was not acted on
  }
  return !isInsert && (error.status === 408 || error.status >= 500);
}

/**
 * Reports whether an insert that failed may have been done all the same.
 * @param {unknown} error
 */
function mayHaveBeenDone(error) {
  if (error instanceof APIError) {
    return error.status >= 500 && error.retryAfter === undefined;
  }
  return error instanceof NoAnswerError && error.sent;
}

/** @param {number} attempt */
function backoff(attempt) {
  return Math.random() * Math.min(maxWait, minWait * 2 ** attempt);
}

/**
 * Returns the query of the next page. The rest of its address is the server's word, and
 * no place to send a token to.
 * @param {unknown} url
 */
function nextQuery(url) {
  if (typeof url !== 'string') {
    return '';
  }
  const { searchParams } = new URL(url, 'http://localhost');
  for (const name of ['page', 'cursor']) {
    const value = searchParams.get(name);
    if (value) {
      return `?${new URLSearchParams({ [name]: value })}`;
    }
  }
  return '';
}

/**
 * A server of PHP may send a number as a string.
 * @param {any} record
 * @returns {Order}
 */
function toOrder(record) {
  return {
    id: Number(record.id),
    code: String(record.kode_order),
    status: String(record.status),
    date: String(record.date_order).slice(0, 10),
    outletId: Number(record.outlet_id),
    total: record.total == null ? undefined : Number(record.total),
  };
}

/**
 * @param {any} record
 * @returns {JSONOrder}
 */
function toJSONOrder(record) {
  const { id, kode_order: code, json_data: data, status } = record;
  return {
    id: Number(id),
    code: String(code),
    data: typeof data === 'string' ? JSON.parse(data) : data,
    status: String(status),
  };
}
