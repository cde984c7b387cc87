"use strict";
// Texts of orders and of PMP Smart get onto the page by textContent and value alone.

const byId = (id) => document.getElementById(id);
const states = ["parked", "waiting", "sending", "sent"];
let state = states.includes(location.hash.slice(1)) ? location.hash.slice(1) : "parked";
let limit = 50;
let mending = "";
let asked = 0; // how often
let shown = 0; // which of these is on the page

async function askText(path, options) {
  const response = await fetch(path, { ...options, signal: AbortSignal.timeout(15000) });
  const text = await response.text();
  if (!response.ok) throw new Error(JSON.parse(text).detail || response.statusText);
  return text;
}

const ask = async (path, options) => JSON.parse(await askText(path, options));

// dataOf returns an order's data as it is stored: parsing it would round long numbers.
function dataOf(text) {
  const start = text.indexOf('"data":');
  return start < 0 ? "" : valueAt(text, start + 7);
}

// valueAt returns the JSON value that starts at i.
function valueAt(text, i) {
  let depth = 0, quoted = false;
  for (let j = i; j < text.length; j++) {
    const c = text[j];
    if (quoted) {
      if (c === "\\") j++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "{" || c === "[") depth++;
    else if (depth === 0 && (c === "," || c === "}")) return text.slice(i, j);
    else if (c === "}" || c === "]") depth--;
  }
  return text.slice(i);
}

const pathOf = (code) => "orders/" + encodeURIComponent(code);

function tell(place, text) {
  place.textContent = text;
  place.hidden = text === "";
}

function cell(row, text) {
  row.insertCell().textContent = text;
}

function button(text, does) {
  const b = document.createElement("button");
  b.textContent = text;
  b.addEventListener("click", does);
  return b;
}

const time = (text) => (text ? new Date(text).toLocaleString() : "");

function draw(list, counts) {
  byId("states").replaceChildren(...states.map((name) => {
    const b = button(`${name} ${counts[name]}`, () => { state = name; limit = 50; location.hash = name; refresh(); });
    b.setAttribute("aria-pressed", String(name === state));
    return b;
  }));
  const body = document.createElement("tbody");
  for (const o of list.orders) {
    const row = body.insertRow();
    row.className = o.state;
    for (const text of [o.code, o.state, o.reason || "", String(o.attempts), time(o.next_try), time(o.created_at)]) cell(row, text);
    const actions = row.insertCell();
    if (o.state === "parked") actions.append(button("Mend", () => mend(o.code)), " ");
    if (o.state === "parked" || o.state === "waiting") actions.append(button("Send now", () => retry(o.code)));
  }
  byId("orders").replaceChildren(...body.rows);
  byId("none").hidden = list.orders.length > 0;
  byId("more").hidden = !list.next || limit >= 1000;
}

const wanted = () => `orders?state=${state}&limit=${limit}`;

async function refresh() {
  const turn = ++asked;
  const path = wanted();
  // An answer that comes late is shown too, or a slow service would show nothing.
  const isNews = () => turn > shown && path === wanted();
  try {
    const [list, stats] = await Promise.all([ask(path), ask("stats")]);
    if (!isNews()) return;
    shown = turn;
    draw(list, stats.orders);
    tell(byId("trouble"), "");
  } catch (err) {
    if (!isNews()) return;
    shown = turn;
    tell(byId("trouble"), "The service does not answer: " + err.message);
  }
}

async function retry(code) {
  try {
    await ask(pathOf(code) + "/retry", { method: "POST" });
  } catch (err) {
    alert(err.message);
  }
  refresh();
}

async function mend(code) {
  try {
    const text = await askText(pathOf(code));
    const order = JSON.parse(text);
    mending = code;
    byId("mend-title").textContent = code;
    byId("mend-reason").textContent = order.reason || "";
    byId("mend-status").value = order.status;
    byId("mend-data").value = dataOf(text);
    tell(byId("mend-trouble"), "");
    byId("mend").showModal();
  } catch (err) {
    alert(err.message);
  }
}

byId("mend-send").addEventListener("click", async () => {
  const data = byId("mend-data").value;
  try {
    JSON.parse(data);
    await ask(pathOf(mending), {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: `{"status":${JSON.stringify(byId("mend-status").value)},"data":${data}}`,
    });
    byId("mend").close();
    refresh();
  } catch (err) {
    tell(byId("mend-trouble"), err.message);
  }
});
byId("mend-close").addEventListener("click", () => byId("mend").close());
byId("more").addEventListener("click", () => { limit = Math.min(limit * 2, 1000); refresh(); });

refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 2000);
