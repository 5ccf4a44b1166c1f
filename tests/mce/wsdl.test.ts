import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { soapCalls } from "./support/calls.ts";
import { openStandIn, retrieved, soapAnswer } from "./support/stand-in.ts";

const wsdl = join(import.meta.dirname, "../../../shared/mce/etframework.wsdl");
/** Of libxml2; no npm package brings it. */
const xmllint = "xmllint";
const hasLint = spawnSync(xmllint, ["--version"]).status === 0;
const missing = [...(existsSync(wsdl) ? [] : ["../shared/mce/etframework.wsdl"]), ...(hasLint ? [] : ["xmllint"])];
const why = missing.length === 0 ? "" : ` (skipped: no ${missing.join(", no ")})`;

const folder = mkdtempSync(join(tmpdir(), "mce-wsdl-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The schema inside the WSDL, made to stand alone (MCE 11). */
function writeSchema(): string {
  const path = join(folder, "partnerAPI.xsd");
  const schema = /<schema\b[\s\S]*?<\/schema>/.exec(readFileSync(wsdl, "utf8"))?.[0] ?? "";
  const prefixes = `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://exacttarget.com/wsdl/partnerAPI"`;
  writeFileSync(path, schema.replace(/<import\b[^>]*\/>/, "").replace("<schema ", `<schema ${prefixes} `));
  return path;
}

/** The request inside an envelope as a document of its own; `xsi` is declared on the envelope. */
function requestIn(message: string): string {
  const inner = /<s:Body>([\s\S]*)<\/s:Body>/.exec(message)?.[1] ?? "";
  return inner.replace(/^<\w+/, (tag) => `${tag} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`);
}

/** Every message all calls send, Retrieve's second batch included. */
async function messages(text: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const [name, call] of Object.entries(soapCalls(text))) {
    const { mce, sent } = openStandIn([
      { body: soapAnswer(retrieved("", "MoreDataAvailable")) },
      { body: soapAnswer(retrieved("")) },
    ]);
    await call(mce);
    const soap = sent.filter(({ url }) => url.endsWith("/Service.asmx"));
    expect(soap.length).toBeGreaterThan(0);
    soap.forEach(({ body }, index) => all.set(`${name} ${index + 1}`, body));
  }
  return all;
}

function lint(...args: string[]): string {
  const { status, stderr } = spawnSync(xmllint, ["--noout", ...args], { encoding: "utf8" });
  return status === 0 ? "" : stderr;
}

describe(`every request of the client${why}`, () => {
  it.skipIf(missing.length > 0).each([
    ["plain text", "Orders_2026"],
    ["SQL", `SELECT a FROM [b] WHERE c <> 'x' AND d < 1 & "e" ]]> --`],
    ["text XML cannot carry", "a\0b\u{8}\u{FFFE}\u{D800}😀\r\n</QueryText>"],
  ])("is valid against the WSDL with %s", async (_, text) => {
    const schema = writeSchema();
    const all = [...(await messages(text))];
    const paths = all.map(([name, message]) => {
      const path = join(folder, `${name.replaceAll(" ", "-")}.xml`);
      writeFileSync(path, requestIn(message));
      return path;
    });
    expect(all.map(([name]) => name)).toContain("find folders 2");
    expect(lint("--schema", schema, ...paths)).toBe("");
  });

  it.skipIf(missing.length > 0)("is judged by a schema that would refuse a missing Options", async () => {
    const path = join(folder, "broken.xml");
    const message = (await messages("x")).get("create Data Extension 1") ?? "";
    writeFileSync(path, requestIn(message).replace("<Options/>", ""));
    expect(lint("--schema", writeSchema(), path)).toContain("Options");
  });

  it.skipIf(!hasLint)(`is well-formed as a whole${hasLint ? "" : " (skipped: no xmllint)"}`, async () => {
    const path = join(folder, "whole.xml");
    for (const message of (await messages("<&'\"\0>")).values()) {
      writeFileSync(path, message);
      expect(lint(path)).toBe("");
    }
  });
});
