// The control API, which is where the page is.

export const base = location.pathname.replace(/[^/]*$/, "");

// world is the id of the world that the page is of, "" for the main sandbox.
export const world = /^\/_worlds\/([^/]+)\//.exec(location.pathname)?.[1] ?? "";

const patience = 20_000; // milliseconds that an answer may take

// A Refusal is an answer of the API that says what was wrong.
export class Refusal extends Error {}

// exact is for get: it keeps numbers as they are written, such as an id beyond 2^53, if the
// browser can.
export const exact = (key, value, context) =>
  typeof value === "number" && context && JSON.rawJSON && String(value) !== context.source ? JSON.rawJSON(context.source) : value;

// call sends a request and returns what is answered, null for nothing.
async function call(method, path, body, signal, reviver) {
  const timeout = AbortSignal.timeout(patience);
  const response = await fetch(base + path, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    cache: "no-store",
  });
  const text = await response.text();
  let value = null;
  try {
    if (text !== "") value = JSON.parse(text, reviver);
  } catch {
    throw new Error(`HTTP ${response.status}`);
  }
  if (!response.ok) throw new Refusal(value?.error ?? `HTTP ${response.status}`);
  return value;
}

export const get = (path, signal, reviver) => call("GET", path, undefined, signal, reviver);
export const post = (path, body) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);
