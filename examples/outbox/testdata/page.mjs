// Runs the page's script on a document of a few lines, against the service whose URL is
// the first argument, and does what a person would: look, mend a parked order, send it.
// It prints what the page shows; an element that got HTML would not have that property.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const base = process.argv[2];

class Element {
  constructor(name) {
    Object.assign(this, { name, children: [], attributes: {}, listeners: {}, value: "", hidden: false, open: false, className: "", text: "" });
  }
  get textContent() { return this.text + this.children.map((c) => c.textContent ?? c).join(""); }
  set textContent(text) { this.text = String(text); this.children = []; }
  get rows() { return this.children; }
  append(...items) { this.children.push(...items); }
  replaceChildren(...items) { this.children = items; this.text = ""; }
  insertRow() { const row = new Element("tr"); this.children.push(row); return row; }
  insertCell() { return this.insertRow(); }
  setAttribute(name, value) { this.attributes[name] = value; }
  addEventListener(type, f) { this.listeners[type] = f; }
  click() { return this.listeners.click(); }
  showModal() { this.open = true; }
  close() { this.open = false; }
}
for (const name of ["innerHTML", "outerHTML"]) {
  Object.defineProperty(Element.prototype, name, { set() { throw new Error(name + " was set"); } });
}

const byId = {};
const alerts = [];
const document = {
  hidden: false,
  getElementById: (id) => (byId[id] ??= new Element(id)),
  createElement: (name) => new Element(name),
};
const script = readFileSync(new URL("../page/page.js", import.meta.url), "utf8");
let tick;
vm.runInNewContext(script, {
  document, location: { hash: "" }, AbortSignal, Error, JSON, encodeURIComponent, Date, Math, String, Promise,
  alert: (text) => alerts.push(text),
  setInterval: (f) => { tick = f; },
  fetch: (path, options) => fetch(new URL(path, base + "/"), options),
});

async function until(what, met) {
  for (const end = Date.now() + 60000; !met(); ) {
    if (Date.now() > end) throw new Error("waited in vain: " + what + "; trouble: " + byId.trouble?.textContent + alerts);
    await new Promise((done) => setTimeout(done, 100));
    tick();
  }
}

const rows = () => byId.orders?.children ?? [];
const buttons = (row) => row.children.at(-1).children.filter((c) => c.name === "button");
const shown = [];

await until("a parked order is shown", () => rows().length === 1);
const row = rows()[0];
shown.push(...row.children.slice(0, 4).map((c) => c.textContent));
await buttons(row)[0].click();
shown.push(byId["mend-title"].textContent, byId["mend-status"].value, byId["mend-data"].value, String(byId.mend.open));
byId["mend-data"].value = "{";
await byId["mend-send"].click();
shown.push(String(byId.mend.open && !byId["mend-trouble"].hidden));
byId["mend-data"].value = '{"total":12345678901234567890.10}';
await byId["mend-send"].click();
await until("no parked order is left", () => rows().length === 0 && byId.none.hidden === false);
shown.push(String(byId.mend.open));
await byId.states.children[3].click();
const isCounted = () => byId.states.textContent.endsWith("sent 1"); // the list and the counts are two answers
await until("it is sent", () => rows().length === 1 && rows()[0].children[1].textContent === "sent" && isCounted());
shown.push(byId.states.textContent, String(buttons(rows()[0]).length));
console.log(JSON.stringify(shown));
