// What all parts of the page use. Text of others is only ever put in as text.

export const byId = (id) => document.getElementById(id);

// el makes an element of properties and children; a child that is no node is text.
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

// setText changes a text only if it differs, so that nothing is announced twice.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// later returns a function that calls f once nothing has called it for some time.
export function later(f, milliseconds) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(f, milliseconds);
  };
}

// copy puts the text of a node on the clipboard. Pages of other machines without TLS
// have no clipboard of their own: there the text is selected and copied as by hand.
export async function copy(node) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(node.textContent);
      return true;
    } catch {
      // a browser may refuse it
    }
  }
  getSelection().selectAllChildren(node);
  return document.execCommand("copy");
}
