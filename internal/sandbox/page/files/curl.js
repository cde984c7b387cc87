// A request as a command of curl that sends it again. Secrets were never told to the
// page: variables of the shell stand for them.

const mark = "[redacted]";

// Headers that curl sets by itself, or that were a browser's or the connection's own.
const own = /^(host|content-length|connection|accept-encoding|user-agent|transfer-encoding|keep-alive|sec-.*|priority|te|expect)$/i;

// quote makes one word of a text for a shell; control characters, which a terminal might
// obey, are written as escapes.
function quote(text) {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text)) return "'" + text.replaceAll("'", "'\\''") + "'";
  const escaped = Array.from(text, (c) => {
    const code = c.codePointAt(0);
    if (c === "'" || c === "\\") return "\\" + c;
    if (code < 0x20 || code === 0x7f) return "\\x" + code.toString(16).padStart(2, "0");
    if (code > 0x7f && code < 0xa0) return "\\u" + code.toString(16).padStart(4, "0");
    return c;
  });
  return "$'" + escaped.join("") + "'";
}

// word quotes a text in which a variable stands for each secret.
function word(text, variable, encode = (part) => part) {
  return text
    .split(mark)
    .map((part) => (part === "" ? "" : quote(encode(part))))
    .join(`"$${variable}"`) || "''";
}

const encodePath = (path) => encodeURI(path).replace(/[?#[\]]/g, encodeURIComponent);

// curl returns the command, and whether it needs a token and a password.
export function curl(request, origin) {
  const secret = request.op === "Login" ? "PASSWORD" : "TOKEN";
  const query = request.query === "" ? "" : word("?" + request.query, secret);
  const lines = [`curl --globoff -X ${quote(request.method)} ${quote(origin)}${word(request.path, secret, encodePath)}${query}`];
  if (request.bearer) lines.push('-H "Authorization: Bearer $TOKEN"');
  const names = Object.keys(request.header ?? {}).sort();
  for (const name of names.filter((name) => !own.test(name))) {
    for (const value of request.header[name]) {
      lines.push("-H " + (value === "" ? quote(name + ";") : word(`${name}: ${value}`, secret)));
    }
  }
  const has = (name) => names.some((n) => n.toLowerCase() === name);
  if (!has("accept")) lines.push("-H Accept:");
  if (request.body !== "") {
    if (!has("content-type")) lines.push("-H Content-Type:");
    lines.push("--data-raw " + word(request.body, secret));
  }
  const command = lines.join(" \\\n  ");
  return { command, token: command.includes("$TOKEN"), password: command.includes("$PASSWORD") };
}
