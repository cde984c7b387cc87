// The forms and buttons, each of which is a request of the control API.

import { base, get, post, Refusal, remove, world } from "./api.js";
import { byId, copy, el, setText } from "./dom.js";
import { faultName } from "./requests.js";
import { number, onLanguage, t } from "./texts.js";

let options = null; // what there is to choose from
let status = null; // how the sandbox stands

let hush;

// announce says what was done, or why not.
export function announce(text, wrong = false) {
  const said = byId("said");
  said.textContent = text;
  said.className = wrong ? "shown wrong" : "shown";
  clearTimeout(hush);
  hush = setTimeout(() => (said.className = ""), wrong ? 20_000 : 6_000);
}

// act runs what a button does, says what came of it, and looks at once what has changed.
function act(done, run) {
  let busy = false;
  return async (event) => {
    event?.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await run(event);
      if (done) announce(t(done));
    } catch (error) {
      announce(error instanceof Refusal ? error.message : t("unreachable"), true);
    }
    busy = false;
    refresh();
  };
}

let refresh = () => {};

const onClick = (id, done, run) => byId(id).addEventListener("click", act(done, run));
const onSubmit = (id, done, run) => byId(id).addEventListener("submit", act(done, () => run(new FormData(byId(id)), byId(id))));

// numeric returns the number of a field, undefined if it is empty.
const numeric = (data, name) => (data.get(name) ? Number(data.get(name)) : undefined);

// fault reads the form of a fault, without the fields that are not for its kind.
function fault(data) {
  const read = { kind: data.get("kind"), op: data.get("op"), wait_ms: numeric(data, "wait_ms"), nth: numeric(data, "nth") };
  const shown = (name) => !byId("fault-form").elements[name].closest("label").hidden;
  for (const name of ["bytes", "page", "status"]) if (shown(name)) read[name] = numeric(data, name);
  if (shown("body") && data.get("body")) read.body = data.get("body");
  if (shown("retry_after") && data.get("retry_after")) read.header = { "Retry-After": [data.get("retry_after")] };
  return read;
}

// showFields shows the fields of a fault that its kind and endpoint have.
function showFields() {
  const form = byId("fault-form");
  const kind = form.elements.kind.value;
  for (const label of form.querySelectorAll("[data-kinds]")) label.hidden = !label.dataset.kinds.split(" ").includes(kind);
  const op = form.elements.op.value;
  form.querySelector("[data-lists]").hidden = op !== "" && !options?.lists[op];
  form.elements.wait_ms.required = kind === "delay";
  setText(byId("kind-help"), kind && t("help_" + kind.replaceAll(" ", "_")));
}

// fillSelect gives a select options, and keeps the one that was chosen.
function fillSelect(select, entries) {
  const chosen = select.value;
  select.replaceChildren(...entries);
  if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
}

const option = (value, text) => el("option", { value }, text);

function fillForms() {
  if (!options) return;
  const ops = Object.keys(options.ops).sort().map((op) => option(op, `${op} · ${options.ops[op]}`));
  fillSelect(byId("fault-form").elements.op, [option("", t("any_endpoint")), ...ops]);
  fillSelect(byId("style-form").elements.op, [option("", t("all_endpoints")), ...ops.map((node) => node.cloneNode(true))]);
  fillSelect(byId("fault-form").elements.kind, options.kinds.map((kind) => option(kind, faultName(kind))));
  const groups = [el("optgroup", { label: t("applications") }, ...options.applications.map((style) => option(style, style)))];
  for (const style of options.styles.filter((style) => style.includes("="))) {
    const [aspect] = style.split("=");
    if (groups.at(-1).label !== aspect) groups.push(el("optgroup", { label: aspect }));
    groups.at(-1).append(option(style, style));
  }
  fillSelect(byId("style-form").elements.style, groups);
  showFields();
}

// faultText says which request a fault is for, and what it does to it.
function faultText(f) {
  const parts = [faultName(f.kind), f.op || t("any_endpoint")];
  if (f.page) parts.push(t("nth_page", { n: f.page }));
  if (f.nth) parts.push(t("nth_request", { n: f.nth }));
  if (f.wait_ms) parts.push(`${number(f.wait_ms)} ms`);
  if (f.status) parts.push(String(f.status));
  if (f.bytes) parts.push(`${f.bytes} B`);
  return parts.join(" · ");
}

// fact shows a value in the head of the page, marked if it is not the usual one.
function fact(id, text, unusual) {
  setText(byId(id), text);
  byId(id).classList.toggle("unusual", unusual);
}

// show shows how the sandbox stands.
export function show(next) {
  status = next;
  const now = new Date(status.now);
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" }).format(now);
  fact("fact-clock", status.clock === "real" ? time : `${time} (${t("clock_" + status.clock)})`, status.clock !== "real");
  const others = Object.entries(status.styles).sort();
  fact("fact-style", status.style + (others.length > 0 ? " " + t("style_others", { n: others.length }) : ""), status.style !== "plain" || others.length > 0);
  const after = status.retry_after_s > 0 ? ` · Retry-After ${status.retry_after_s}` : "";
  fact("fact-down", status.down ? t("down_now") + after : t("up_now"), status.down);
  fact("fact-faults", number(status.faults), status.faults > 0);
  fact("fact-logins", number(status.logins), false);
  list("styles-list", others.map(([op, style]) => `${op} · ${style}`));
  byId("unmet").hidden = status.faults === 0;
  const more = status.faults - status.unmet.length;
  list("unmet-list", [...status.unmet.map(faultText), ...(more > 0 ? [t("more", { n: number(more) })] : [])]);
}

function list(id, texts) {
  const node = byId(id);
  const shown = JSON.stringify(texts);
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  node.replaceChildren(...texts.map((text) => el("li", {}, text)));
}

async function loadWorlds() {
  const { worlds } = await get("worlds");
  const items = worlds.slice(0, 50).map((w) =>
    el("li", {}, el("a", { href: `${new URL(w.control_url).pathname}/?lang=${document.documentElement.lang}` }, w.id), el("code", {}, w.base_url)));
  if (items.length === 0) items.push(el("li", {}, t("worlds_none")));
  if (worlds.length > 50) items.push(el("li", {}, t("more", { n: number(worlds.length - 50) })));
  byId("worlds-list").replaceChildren(...items);
}

// localTime writes a time as the field of a form has it.
const localTime = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

function setUpFaults() {
  onClick("fault-insert", "fault_insert_done", () => post("faults", [{ op: "InsertJSONOrder", kind: "lost answer" }]));
  onSubmit("fault-form", "fault_added", (data) => post("faults", [fault(data)]));
  onClick("faults-clear", "faults_cleared", () => remove("faults"));
  byId("fault-form").addEventListener("change", showFields);
}

function setUpClock() {
  const now = byId("clock-form").elements.now;
  onSubmit("clock-form", "clock_is_set", () => post("clock", { now: new Date(now.value).toISOString() }));
  onSubmit("advance-form", "clock_advanced", (data) => post("clock", { advance_s: Number(data.get("amount")) * Number(data.get("unit")) }));
  onClick("clock-real", "clock_is_real", () => post("clock", {}));
  now.closest("details").addEventListener("toggle", () => {
    if (status && !now.value) now.value = localTime(new Date(status.now));
  });
}

function setUpReset() {
  const form = byId("reset-form");
  const dialog = byId("confirm");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.showModal(); // the focus is on the button that does nothing, the first one
  });
  byId("confirm-no").addEventListener("click", () => dialog.close());
  onClick("confirm-yes", "reset_done", async () => {
    dialog.close();
    const seed = numeric(new FormData(form), "seed");
    await post("reset", seed === undefined ? {} : { seed });
  });
}

function setUpWorlds() {
  const reload = act("", loadWorlds);
  byId("worlds").addEventListener("toggle", () => byId("worlds").open && reload());
  byId("worlds-reload").addEventListener("click", reload);
  onClick("world-add", "world_added", async () => {
    await post("worlds", {});
    await loadWorlds();
  });
  byId("world").hidden = world === "";
  setText(byId("world-id"), world);
}

// setUp makes the buttons work; look is called after each.
export async function setUp(look) {
  refresh = look;
  setUpFaults();
  setUpClock();
  setUpReset();
  setUpWorlds();
  onClick("expire", "expired", () => post("tokens/expire"));
  onSubmit("style-form", "style_is_set", (data) => post("style", { style: data.get("style"), op: data.get("op") }));
  onSubmit("down-form", "down_done", (data) => post("down", { retry_after_s: numeric(data, "retry_after_s") ?? 0 }));
  onClick("up", "up_done", () => post("up"));
  onClick("clear", "cleared", () => remove("requests"));
  byId("copy-url").addEventListener("click", async () => announce(t((await copy(byId("base-url"))) ? "copied" : "copy_failed")));
  if (matchMedia("(min-width: 62rem)").matches) {
    for (const details of byId("steer").querySelectorAll("details:not(#worlds, #fault-other)")) details.open = true;
  }
  onLanguage(() => {
    fillForms();
    if (status) show(status);
    if (byId("worlds").open) reloadQuietly();
  });
  byId("base-url").textContent = location.origin + base.replace(/_sandbox\/$/, "api/v1");
  options = await get("options");
  fillForms();
}

const reloadQuietly = () => loadWorlds().catch(() => {});
