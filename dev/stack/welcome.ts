import { join, resolve } from "node:path";
import type { StackFile } from "./stack-files.ts";

/** Returns what to print when the stack is up: the addresses, and a call to paste. */
export function welcome(file: StackFile, dir: string): string {
  const stackJson = join(resolve(dir), "stack.json");
  const rows = [
    ["API (wrangler dev)", file.edge],
    ["MCE sandbox", `${file.sandbox}/sandbox/state`],
    ["Upstash REST", file.upstash],
    ["Postgres, Neon's HTTP", file.neonHttp],
    ["Redis", file.redis],
    ["addresses and tokens", stackJson],
  ].map(([what = "", where = ""]) => `  ${what.padEnd(24)}${where}`);
  const token = `$(node -p 'require("${stackJson}").tokens.alice')`;
  return [
    "",
    "The stack is up.",
    ...rows,
    "",
    "Try:",
    `  curl -s ${file.edge}/v1/runs -H "authorization: Bearer ${token}" \\`,
    `    -H 'content-type: application/json' -d '{"sql": "SELECT TOP 10 FirstName, LastName, Country FROM Customers"}'`,
    "",
    "Ctrl-C stops it.",
  ].join("\n");
}
