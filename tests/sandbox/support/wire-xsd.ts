import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const wsdl = resolve("../shared/mce/etframework.wsdl");

/** Why messages cannot be held against the WSDL here; undefined when they can. */
export async function whyNoXsd(): Promise<string | undefined> {
  if (!existsSync(wsdl)) return "../shared/mce/etframework.wsdl is absent";
  return run("xmllint", ["--version"]).then(
    () => undefined,
    () => "xmllint (libxml2-utils) is not installed",
  );
}

/**
 * Holds the bodies of SOAP messages against the partner API's XSD, by the recipe of MCE 11.
 *
 * @returns what xmllint complains about, by the message's name; empty when all are valid
 */
export async function xsdProblems(messages: Record<string, string>): Promise<Record<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-xsd-"));
  try {
    const schema = join(folder, "partnerAPI.xsd");
    await writeFile(schema, partnerApi(await readFile(wsdl, "utf8")));
    const names = Object.keys(messages);
    const files = names.map((_, at) => join(folder, `${at}.xml`));
    for (const [at, name] of names.entries()) await writeFile(files[at] ?? "", bodyOf(messages[name] ?? ""));
    const complaints = await run("xmllint", ["--noout", "--schema", schema, ...files]).then(
      ({ stderr }) => stderr,
      (error: { stderr: string }) => error.stderr,
    );
    const problems: Record<string, string[]> = {};
    for (const line of complaints.split("\n")) {
      const [, at, text] = /\/(\d+)\.xml:\d+: (.*)$/.exec(line) ?? [];
      if (at !== undefined) (problems[names[Number(at)] ?? ""] ??= []).push(text ?? "");
    }
    return problems;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function partnerApi(source: string): string {
  const schema = /<schema\b[\s\S]*?<\/schema>/.exec(source)?.[0] ?? "";
  const prefixes = `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://exacttarget.com/wsdl/partnerAPI"`;
  return schema.replaceAll(/<import\b[^>]*\/>/g, "").replace("<schema ", `<schema ${prefixes} `);
}

function bodyOf(message: string): string {
  const body = /<\w+:Body>([\s\S]*)<\/\w+:Body>/.exec(message)?.[1] ?? "";
  return body.replace(/^<(\w+)/, `<$1 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`);
}
