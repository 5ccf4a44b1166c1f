import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openCanaries } from "../flow/zero-data/canary.ts";
import { openSearch } from "../flow/zero-data/search.ts";

const canaries = openCanaries();
const word = canaries.draw("row value");
const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.Zx81_k-QpLw93hTgYvB2nMsD";
canaries.note("bearer token", token);
const search = openSearch(canaries);
const value = `O'Hara <${word}> & "söhne" €`;

const escapedXml = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const everyCharacter = (write: (code: number) => string) =>
  Array.from(value, (char) => write(char.charCodeAt(0))).join("");

const ways: [string, string | Buffer][] = [
  ["as it is", value],
  ["upper case", value.toUpperCase()],
  ["JSON in JSON", JSON.stringify(JSON.stringify({ value }))],
  ["JSON, every character", everyCharacter((code) => String.raw`\u${code.toString(16).padStart(4, "0")}`)],
  ["a URL", encodeURIComponent(value)],
  ["a URL, every byte", Buffer.from(value).toString("hex").replace(/../g, "%$&")],
  ["XML", escapedXml],
  ["XML, every character", everyCharacter((code) => `&#${code};`)],
  ["XML, every character in hexadecimal", everyCharacter((code) => `&#x${code.toString(16)};`)],
  ["hexadecimal", Buffer.from(value).toString("hex")],
  ["capital hexadecimal", Buffer.from(value).toString("hex").toUpperCase()],
  ["UTF-16, as V8 keeps it", Buffer.from(value, "utf16le")],
  ...[0, 1, 2].map((shift): [string, string] => [
    `base64 at ${shift}`,
    Buffer.from("x".repeat(shift) + value).toString("base64"),
  ]),
  ...[0, 1, 2].map((shift): [string, string] => [
    `base64url at ${shift}`,
    Buffer.from("ÿ".repeat(3) + "x".repeat(shift) + value).toString("base64url"),
  ]),
  ["base64 twice", Buffer.from(Buffer.from(value).toString("base64")).toString("base64")],
  ["deflated", deflateSync(value)],
  ["deflated without a header", deflateRawSync(value)],
  ["gzipped, between others", Buffer.concat([Buffer.from("log "), gzipSync(value), Buffer.from(" end")])],
  ["gzipped and base64", `{"body":"${gzipSync(value).toString("base64")}"}`],
  ["deflated without a header and base64", deflateRawSync(value).toString("base64")],
  ["gzipped and hexadecimal", gzipSync(value).toString("hex")],
];

describe("openSearch()", () => {
  it.each(ways)("finds a canary: %s", (_, content) => {
    const hits = search(Buffer.from(content), true);
    expect(hits.map(({ kind, text }) => [kind, text])).toContainEqual(["row value", word]);
  });

  it("finds a token by its end, and nothing in other texts", () => {
    expect(search(Buffer.from(`authorization: Bearer ${token}`), false)).toMatchObject([{ kind: "bearer token" }]);
    const other = openCanaries().draw("row value");
    expect(search(gzipSync(other.repeat(50)), true)).toEqual([]);
  });
});
