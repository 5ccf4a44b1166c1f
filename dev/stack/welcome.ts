import { join, resolve } from "node:path";
import { everyonesQuery, type OwnTenant } from "../tenant/own-tenant.ts";
import type { StackFile } from "./stack-files.ts";

/**
 * Returns what to print when the stack is up: the addresses, and a call to paste.
 *
 * @param tenant what it works on instead of the sandbox
 */
export function welcome(file: StackFile, dir: string, tenant?: OwnTenant): string {
  const stackJson = join(resolve(dir), "stack.json");
  const rows = [
    ["Console", `${file.edge}/`],
    ["API (wrangler dev)", `${file.edge}/docs/`],
    tenant === undefined
      ? ["MCE sandbox", `${file.sandbox}/sandbox/state`]
      : ["Marketing Cloud", `${tenant.subdomain}, business unit ${tenant.mid}`],
    ...(tenant === undefined ? [["sign in", `${file.edge}/auth/login`]] : []),
    ["Upstash REST", file.upstash],
    ["Postgres, Neon's HTTP", file.neonHttp],
    ["Redis", file.redis],
    ["addresses and tokens", stackJson],
  ].map(([what = "", where = ""]) => `  ${what.padEnd(24)}${where}`);
  const token = `$(node -p 'require("${stackJson}").tokens.alice')`;
  const sql = tenant === undefined ? "SELECT TOP 10 FirstName, LastName, Country FROM Customers" : everyonesQuery;
  return [
    "",
    "The stack is up.",
    ...rows,
    "",
    "Try:",
    `  curl -s ${file.edge}/v1/runs -H "authorization: Bearer ${token}" \\`,
    `    -H 'content-type: application/json' -d '{"sql": "${sql}"}'`,
    "",
    tenant === undefined
      ? "Ctrl-C stops it."
      : "Ctrl-C ends all runs, removes what they have made there, and stops it.",
  ].join("\n");
}
