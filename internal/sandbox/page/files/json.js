// JSON for the eye. It is shown as it was written, but for the white space: numbers stay
// as they are, names that come twice stay, and what is cut short or broken is shown too.

const token = /\s+|"(?:[^"\\]|\\[^])*"?|[{}[\],:]|[^\s"{}[\],:]+/gy;
const deepest = 40; // levels that are indented

// tokens returns [class, text] of JSON.
function* tokens(text) {
  let depth = 0;
  const line = () => "\n" + "  ".repeat(Math.min(depth, deepest));
  const parts = (text.match(token) ?? []).filter((part) => part.trim() !== "");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const next = parts[i + 1];
    switch (part) {
      case "{":
      case "[":
        if (next === (part === "{" ? "}" : "]")) {
          yield ["", part + next];
          i++;
        } else {
          depth++;
          yield ["", part + line()];
        }
        break;
      case "}":
      case "]":
        depth = Math.max(0, depth - 1);
        yield ["", line() + part];
        break;
      case ",":
        yield ["", "," + line()];
        break;
      case ":":
        yield ["", ": "];
        break;
      default:
        yield [classOf(part, next), part];
    }
    if (depth === 0 && i + 1 < parts.length && part !== ":" && part !== ",") yield ["", "\n"];
  }
}

function classOf(part, next) {
  if (part.startsWith('"')) return next === ":" ? "key" : "string";
  return /^[-\d]/.test(part) ? "number" : "literal";
}

// isJSON reports whether a text begins as an object or an array does.
const isJSON = (text) => /^\s*[{[]/.test(text);

// showText shows a body in a node, JSON indented and coloured.
export function showText(node, text) {
  node.replaceChildren();
  if (!isJSON(text)) {
    node.textContent = text;
    return;
  }
  let plain = "";
  const all = document.createDocumentFragment();
  for (const [name, part] of tokens(text)) {
    if (name === "") {
      plain += part;
      continue;
    }
    all.append(plain);
    plain = "";
    const span = document.createElement("span");
    span.className = name;
    span.textContent = part;
    all.append(span);
  }
  all.append(plain);
  node.append(all);
}
