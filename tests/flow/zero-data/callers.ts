import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { decodeJwt } from "jose";
import { parseEnv } from "node:util";
import { accounts } from "../../../sandbox/accounts.ts";
import { readEnvironment } from "../../../dev/stack/stack-files.ts";
import { sign } from "../../../dev/stack/tokens.ts";
import { openPerson } from "../support/person.ts";
import type { Planted } from "./plant.ts";
import { queryWith } from "./runs.ts";
import { overRun, type World } from "./world.ts";

/** Notes the secrets that a stack starts with, and the tokens of its people. */
export async function noteSecrets({ stack, canaries }: World): Promise<void> {
  for (const token of Object.values(stack.tokens)) canaries.note("bearer token", token);
  for (const program of ["worker", "bridge"] as const)
    for (const [name, value = ""] of Object.entries(parseEnv(await readEnvironment(stack.dir, program)))) {
      const password = URL.parse(value)?.password ?? "";
      if (password !== "") canaries.note("secret", password);
      else if (/SECRET|KEYS|REST_TOKEN/.test(name)) canaries.note("secret", value.replace(/=+$/, ""));
    }
  for (const { clientSecret } of accounts) canaries.note("secret", clientSecret);
}

/** Notes what Marketing Cloud has given out by now. */
export async function noteTokensOfMce({ sandbox, canaries }: World): Promise<void> {
  const { access, refresh } = await sandbox.ask<{ access: string[]; refresh: string[] }>("tokens");
  for (const token of access) canaries.note("MCE token", token);
  for (const token of refresh) canaries.note("refresh token", token);
}

/** An API key and a short-lived token, made by alice and used. @returns the key */
export async function useOwnCredentials({ ask, canaries }: World): Promise<string> {
  const { json: made } = await ask("POST", "/v1/keys", { body: { name: "zero data" } });
  const key = String(made["key"]);
  canaries.note("API key", key);
  const { json: short } = await ask("POST", "/v1/tokens", { body: {} });
  const token = String(short["token"]);
  canaries.note("bearer token", token);
  for (const credential of [key, token]) await ask("GET", "/v1/runs", { token: credential });
  await ask("GET", "/v1/runs", { token: `${key.slice(0, -4)}aaaa`, expected: [401] });
  return key;
}

/** Somebody signs in with Marketing Cloud and runs a query, whose tokens are refreshed. */
export async function signIn(world: World, planted: Planted): Promise<void> {
  const { stack, canaries, sandbox } = world;
  const person = openPerson(stack, "ann@enterprise-a.example.com");
  await person.signIn(accounts[0]?.eid ?? 0);
  for (const cookie of person.cookies()) canaries.note("cookie", cookie);
  await person.run(queryWith(world, planted).sql.replace("@who", "'x'"));
  await noteTokensOfMce(world);
  await sandbox.ask("tokens", { action: "expire" });
  await person.run(`SELECT Note FROM [${planted.table}] WHERE Note <> '${canaries.draw("SQL literal")}'`);
}

/** An assistant uses each of its tools. */
export async function useTools(world: World, planted: Planted): Promise<void> {
  const { stack, canaries } = world;
  const { JWT_SECRET: secret = "" } = parseEnv(await readEnvironment(stack.dir, "worker"));
  const { sub = "", tenant, mid, eid, connection } = decodeJwt<Record<string, string | number>>(stack.tokens.alice);
  const claims = { tenant, mid, eid, connection, role: "administrator" };
  const administrator = await sign(
    sub,
    Object.fromEntries(Object.entries(claims).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    secret,
  );
  canaries.note("bearer token", administrator);
  await world.ask("PATCH", "/v1/tenant", { token: administrator, body: { mcp: true } });
  const client = new Client({ name: "zero-data", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${stack.tokens.alice}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${stack.edge}/mcp`), { requestInit }));
  try {
    const use = async (name: string, args: Record<string, unknown>): Promise<string> => {
      const { content } = await client.callTool({ name, arguments: args });
      const [part] = content;
      return part?.type === "text" ? part.text : "";
    };
    const sql = () => queryWith(world, planted).sql.replace("@who", `'${canaries.draw("SQL literal")}'`);
    await use("list_tables", { q: "zero" });
    await use("describe_table", { name: planted.table });
    await use("check_sql", { sql: sql() });
    await use("run_sql", { sql: `DELETE FROM x WHERE y = '${canaries.draw("SQL literal")}'` });
    const told = JSON.parse(await use("run_sql", { sql: sql() }));
    const id = String(told["id"]);
    await overRun(world, id);
    await use("get_run", { id });
    for (const more of [{ page: 2 }, { sort: "Note" }, { find: canaries.draw("search text") }, { find: planted.value }])
      await use("read_page", { id, ...more });
    await use("cancel_run", { id });
  } finally {
    await client.close();
  }
  const { text } = await world.ask("GET", "/v1/audit?limit=100", { token: administrator });
  world.collected.push({ sink: "audit", place: "/v1/audit", content: Buffer.from(text) });
}
