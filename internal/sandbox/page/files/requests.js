// The requests as they come, and one of them in full.

import { byId, copy, el, later, setText } from "./dom.js";
import { curl } from "./curl.js";
import { showText } from "./json.js";
import { number, onLanguage, t } from "./texts.js";

const most = 300; // rows

let requests = []; // the latest first, each with its row
let held = []; // those that came during a pause
let left = 0; // that came before and are not shown
let paused = false;
let opened = null; // the request in the dialog

const body = byId("requests-table").tBodies[0];
const search = byId("requests-search");
const dialog = byId("request-dialog");

export const apiPath = (path) => path.replace(/^.*?\/api\/v1\//, "/");

const clockTime = (time) => {
  const date = new Date(time);
  return date.toTimeString().slice(0, 8) + "." + String(date.getMilliseconds()).padStart(3, "0");
};

const duration = (ms) => (ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000)} s`);

function statusClass(status) {
  if (status === 0 || status >= 500) return "status bad";
  return status >= 300 ? "status warn" : "status good";
}

const statusText = (request) => (request.status === 0 ? t("no_answer") : String(request.status));

// faultName returns the name of a kind of fault.
export const faultName = (kind) => t("kind_" + kind.replaceAll(" ", "_"));

function makeRow(request) {
  const open = el("button", { type: "button", class: "open" }, request.op || t("no_endpoint"));
  const fault = el("td", { class: "fault" });
  if (request.fault) fault.append(el("span", { class: "tag" }, faultName(request.fault)));
  const row = el(
    "tr",
    {},
    el("td", { class: "time" }, clockTime(request.time)),
    el("td", { class: "what" }, open, " ", el("span", { class: "path" }, `${request.method} ${apiPath(request.path)}${request.query && "?" + request.query}`)),
    el("td", { class: "state" }, el("span", { class: statusClass(request.status) }, statusText(request))),
    fault,
    el("td", { class: "number" }, duration(request.duration_ms)),
  );
  row.addEventListener("click", () => show(request));
  return row;
}

// matches reports whether a request has all the words of the search.
function matches(request) {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  request.text ??= [request.op, request.method, request.path, request.query, request.status, request.fault, request.note ?? "", request.body, request.answer]
    .join("\n")
    .toLowerCase();
  return words.every((word) => request.text.includes(word));
}

function count() {
  const shown = requests.filter((request) => !request.row.hidden).length;
  let text = shown === requests.length ? t("requests_count", { n: number(shown) }) : t("count_of", { n: number(shown), all: number(requests.length) });
  if (left > 0) text += " · " + t("requests_left", { n: number(left) });
  if (held.length > 0) text += " · " + t("requests_held", { n: number(held.length) });
  setText(byId("requests-count"), text);
  byId("requests-empty").hidden = shown > 0;
  setText(byId("requests-empty"), t(requests.length > 0 ? "nothing_found" : "requests_empty"));
}

// add puts news on top; what is older than the rows that there may be goes.
export function add(news, fresh, skipped) {
  if (fresh) {
    requests = [];
    held = [];
    left = 0;
    body.replaceChildren();
  }
  left += skipped;
  held.push(...news);
  if (held.length > most) left += held.splice(0, held.length - most).length;
  if (!paused) release(fresh);
  if (fresh || news.length > 0) count();
}

function release(quietly) {
  const rows = document.createDocumentFragment();
  for (const request of held.reverse()) {
    request.row = makeRow(request);
    request.row.hidden = !matches(request);
    if (!quietly) request.row.classList.add("new");
    rows.append(request.row);
  }
  body.prepend(rows);
  requests.unshift(...held);
  held = [];
  for (const old of requests.splice(most)) {
    old.row.remove();
    left++;
  }
  if (opened) steps();
}

// facts fills a list of terms and values.
function facts(list, pairs) {
  list.replaceChildren(...pairs.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}

const cutText = (cut, length) => (cut ? t("cut", { n: number(length) }) : "");

// body shows a text in a node, or why there is none.
function showBody(node, text, cut, length, nothing) {
  showText(node, text);
  node.classList.toggle("nothing", text === "");
  if (text === "") node.textContent = nothing;
  const note = node.parentElement.querySelector(".cut");
  note.hidden = !cut;
  note.textContent = cutText(cut, length);
}

function show(request) {
  opened = request;
  byId("request-title").textContent = request.op || t("no_endpoint");
  byId("request-line").textContent = `${request.method} ${request.path}${request.query && "?" + request.query}`;
  facts(byId("request-facts"), [
    [t("status"), el("span", { class: statusClass(request.status) }, statusText(request))],
    [t("time"), clockTime(request.time)],
    [t("duration"), duration(request.duration_ms)],
    [t("fault"), request.fault ? faultName(request.fault) : "–"],
  ]);
  byId("request-note").hidden = !request.note;
  byId("request-note").textContent = request.note ?? "";
  showBody(byId("request-body"), request.body, request.body_cut, request.received, t("no_body"));
  showBody(byId("request-answer"), request.answer, request.answer_cut, request.sent, request.status === 0 ? t("no_answer") : t("no_body"));
  const headers = Object.entries(request.header ?? {}).sort();
  byId("request-headers").textContent = headers.flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)).join("\n");
  const { command, token, password } = curl(request, location.origin);
  byId("curl").textContent = command;
  const help = [token && t("curl_token"), password && t("curl_password"), request.body_cut && t("curl_cut")];
  byId("curl-help").textContent = help.filter(Boolean).join(" ");
  steps();
  if (!dialog.open) dialog.showModal();
}

// neighbour returns the next request in the list that is shown, or none.
function neighbour(step) {
  for (let i = requests.indexOf(opened) + step; i >= 0 && i < requests.length; i += step) {
    if (!requests[i].row.hidden) return requests[i];
    if (requests.indexOf(opened) < 0) return null;
  }
  return null;
}

// steps says which way there are more; a button that is left by the last step keeps the
// focus.
function steps() {
  byId("newer").setAttribute("aria-disabled", String(!neighbour(-1)));
  byId("older").setAttribute("aria-disabled", String(!neighbour(1)));
}

export function setUp(announce) {
  const filter = later(() => {
    for (const request of requests) request.row.hidden = !matches(request);
    count();
  }, 120);
  search.addEventListener("input", filter);
  byId("pause").addEventListener("click", () => {
    paused = !paused;
    byId("pause").setAttribute("aria-pressed", String(paused));
    if (!paused) release(false);
    count();
  });
  for (const [id, step] of [["newer", -1], ["older", 1]]) {
    byId(id).addEventListener("click", () => {
      const next = neighbour(step);
      if (next) show(next);
    });
  }
  byId("request-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    const row = opened?.row;
    opened = null;
    row?.querySelector("button")?.focus();
  });
  byId("copy-curl").addEventListener("click", async () => announce(t((await copy(byId("curl"))) ? "copied" : "copy_failed")));
  onLanguage(() => {
    for (const request of requests) {
      const row = makeRow(request);
      row.hidden = request.row.hidden;
      request.row.replaceWith(row);
      request.row = row;
    }
    count();
    if (opened) show(opened);
  });
  count();
}
