// The page's words, in two languages: all of them are in texts.json.

const table = await (await fetch(new URL("texts.json", import.meta.url))).json();
const known = ["en", "id"];
const kept = "pmpsmart-sandbox-language";

// chosen returns the language that the URL names, else the one chosen before, else the
// browser's.
function chosen() {
  const named = new URLSearchParams(location.search).get("lang");
  if (known.includes(named)) return named;
  try {
    const before = localStorage.getItem(kept);
    if (known.includes(before)) return before;
  } catch {
    // a browser may keep nothing
  }
  for (const tag of navigator.languages ?? [navigator.language]) {
    const language = tag.toLowerCase().split("-")[0].replace(/^in$/, "id");
    if (known.includes(language)) return language;
  }
  return "en";
}

let language = chosen();
const listeners = [];

export const currentLanguage = () => language;

// t returns a text; {name} in it stands for a value.
export function t(key, values = {}) {
  const text = table[key]?.[language];
  if (text === undefined) console.error(`no text ${key}`);
  return fill(text ?? key, values);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// number writes a number as the language does.
export const number = (n) => new Intl.NumberFormat(language, { maximumFractionDigits: n < 1 ? 2 : 1 }).format(n);

// onLanguage calls f when the language has changed.
export function onLanguage(f) {
  listeners.push(f);
}

// translate writes the texts into the elements below a node that name them.
export function translate(root = document) {
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of root.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
}

function show() {
  document.documentElement.lang = language;
  document.title = t("title");
  translate();
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  for (const f of listeners) f();
}

// setUp shows the texts, and lets the reader choose the language.
export function setUp() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      language = button.dataset.language;
      try {
        localStorage.setItem(kept, language);
      } catch {
        // then the URL alone keeps it
      }
      const url = new URL(location.href);
      url.searchParams.set("lang", language);
      history.replaceState(null, "", url);
      show();
    });
  }
  show();
}
