/** How a text may be written in a store or a log. */
export type FormName = "raw" | "UTF-16" | "base64" | "hex" | "URL" | "XML" | "JSON";

export type Form = { name: FormName; bytes: Buffer };

/**
 * Lists the ways to write a text, each so that it is found inside of a longer one. Escapes that leave letters as they are need
 * no form of their own: `raw` finds these. The forms here escape every character.
 */
export function formsOf(text: string): Form[] {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const hex = Buffer.from(text).toString("hex");
  const each = (write: (code: number) => string) => codes.map(write).join("");
  const pad = (code: number, length: number) => code.toString(16).padStart(length, "0");
  const texts: [FormName, string][] = [
    ["raw", text],
    ["raw", text.toUpperCase()],
    ["hex", hex],
    ["hex", hex.toUpperCase()],
    ["URL", each((code) => `%${pad(code, 2)}`)],
    ["URL", each((code) => `%${pad(code, 2).toUpperCase()}`)],
    ["XML", each((code) => `&#${code};`)],
    ["XML", each((code) => `&#x${pad(code, 1)};`)],
    ["XML", each((code) => `&#x${pad(code, 1).toUpperCase()};`)],
    ["JSON", each((code) => String.raw`\u${pad(code, 4)}`)],
    ...alignments(text).map((written): [FormName, string] => ["base64", written]),
  ];
  const utf16: Form = { name: "UTF-16", bytes: Buffer.from(text, "utf16le") };
  const seen = new Set<string>();
  const forms = texts.flatMap(([name, written]): Form[] => {
    if (seen.has(written)) return [];
    seen.add(written);
    return [{ name, bytes: Buffer.from(written) }];
  });
  return [...forms, utf16];
}

/** Base64 of a text that begins at each of the three places of a group of bytes, without what its neighbors have a part in. */
function alignments(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((shifted.length * 8) / 6);
    const written = shifted.toString("base64").slice(from, to);
    return [written, written.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
