// The state in tables.

import { byId, el, later, setText } from "./dom.js";
import { exact, get, Refusal } from "./api.js";
import { showText } from "./json.js";
import { number, onLanguage, t } from "./texts.js";

const most = 100; // rows

// The columns of each kind; what a record has beside them is in its dialog.
const kinds = {
  "orders": ["id", "kode_order", "status", "date_order", "total", "outlet_id", "user_id", "updated_at"],
  "json-orders": ["id", "kode_order", "status", "status_order", "json_data", "updated_at"],
  "outlets": ["id", "kode_outlet", "nama_outlet", "alamat", "updated_at"],
  "users": ["id", "name", "email", "updated_at"],
  "visits": ["id", "name", "outlet_id", "user_id", "created_at"],
};

let kind = "orders";
let version; // of the records that are shown
let wanted; // and that are to be
let loading = null;

const table = byId("data-table");
const search = byId("data-search");
const dialog = byId("record-dialog");

// short returns a value as a cell shows it.
function short(name, value) {
  if (value === null || value === undefined) return "–";
  if (value.rawJSON) return value.rawJSON;
  if (typeof value === "object") return JSON.stringify(value);
  if (name.endsWith("_at")) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date.toLocaleString("sv").slice(0, 19);
  }
  return String(value);
}

const isNumber = (value) => typeof value === "number" || Boolean(value?.rawJSON);

function cell(name, value) {
  const text = short(name, value);
  const properties = { class: isNumber(value) ? "number" : "", "data-name": name };
  return el("td", properties, text.length > 120 ? text.slice(0, 120) + "…" : text);
}

function makeRow(record, columns) {
  const row = el("tr");
  for (const [i, name] of columns.entries()) {
    const made = cell(name, record[name]);
    if (i === 0) made.replaceChildren(el("button", { type: "button", class: "open", "aria-label": t("record", { id: made.textContent }) }, made.textContent));
    row.append(made);
  }
  row.addEventListener("click", () => show(record));
  return row;
}

function show(record) {
  byId("record-title").textContent = t("data_" + kind.replace("-", "_")) + " · " + short("id", record.id);
  showText(byId("record-text"), JSON.stringify(record));
  dialog.showModal();
}

function fill(answer) {
  const records = answer.records.reverse(); // the latest first
  const columns = kinds[kind];
  const focused = table.contains(document.activeElement) ? document.activeElement.textContent : null;
  const heads = columns.map((name) => el("th", { scope: "col", class: isNumber(records[0]?.[name]) ? "number" : "" }, name));
  table.tHead.rows[0].replaceChildren(...heads);
  table.tBodies[0].replaceChildren(...records.map((record) => makeRow(record, columns)));
  table.tHead.hidden = records.length === 0;
  if (focused !== null) [...table.querySelectorAll("button.open")].find((button) => button.textContent === focused)?.focus();
  byId("data-empty").hidden = records.length > 0;
  setText(byId("data-empty"), t(answer.total > 0 ? "nothing_found" : "data_empty"));
  const all = answer.found === answer.total ? t("records_count", { n: number(answer.total) }) : t("count_of", { n: number(answer.found), all: number(answer.total) });
  setText(byId("data-count"), all + (answer.found > records.length ? " · " + t("records_latest", { n: number(records.length) }) : ""));
}

// load fetches what is to be shown. A load that another follows is given up.
async function load() {
  loading?.abort();
  const mine = (loading = new AbortController());
  const now = wanted;
  try {
    const query = new URLSearchParams({ last: String(most), search: search.value });
    const answer = await get(`${kind}?${query}`, mine.signal, exact);
    if (mine.signal.aborted) return;
    version = now;
    fill(answer);
  } catch (error) {
    if (mine.signal.aborted) return;
    version = now; // it is not asked again before something changes
    if (error instanceof Refusal) setText(byId("data-count"), error.message);
  } finally {
    if (loading === mine) loading = null;
  }
}

// update loads the records again if they may have changed, and nothing is loading.
export function update(data) {
  wanted = data;
  if (wanted !== version && !loading) load();
}

function makeTabs() {
  const tabs = byId("data-kinds");
  for (const old of tabs.querySelectorAll("label")) old.remove();
  for (const name of Object.keys(kinds)) {
    const radio = el("input", { type: "radio", name: "kind", value: name, checked: name === kind });
    radio.addEventListener("change", () => {
      kind = name;
      load();
    });
    tabs.append(el("label", {}, radio, el("span", { "data-text": "data_" + name.replace("-", "_") }, t("data_" + name.replace("-", "_")))));
  }
}

export function setUp() {
  makeTabs();
  search.addEventListener("input", later(load, 150));
  byId("record-close").addEventListener("click", () => dialog.close());
  onLanguage(load);
}
