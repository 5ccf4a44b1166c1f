import { exports } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readJson } from "#lang/json.ts";
import { tools } from "../../src/worker/mcp/tools.ts";
import { asFromOwnPage, makeCallers, type Caller } from "./support/access/callers.ts";
import { expected } from "./support/access/expected.ts";
import type { Ask } from "./support/access/rules.ts";
import type { Sent } from "./support/access/send.ts";
import { printed } from "./support/access/table.ts";
import { makeOwners, ownerNames, removeThings, type OwnerName, type Owners } from "./support/access/things.ts";
import { post } from "./support/api.ts";
import { rowsAsOwner } from "./support/owner.ts";
import { alice } from "./support/people.ts";

/** Who may what by a tool, beside the right to use tools at all; written down apart from the code, as the other rules are. */
const sql = "SELECT TOP 1 CustomerKey FROM Customers";
const run = { of: "run", no: "404 RUN_NOT_FOUND" } as const;
const toolRules: Readonly<Record<string, Ask>> = {
  check_sql: { for: "tables:read", unit: true, yes: "200", body: { sql } },
  list_tables: { for: "tables:read", unit: true, yes: "200", body: { limit: 1 } },
  describe_table: { for: "tables:read", unit: true, yes: "200", body: { name: "Customers" } },
  run_sql: { for: "runs:write", unit: true, yes: "200", body: { sql } },
  get_run: { for: "runs:read", yes: "200", ...run },
  read_page: { for: "runs:read", yes: "409 RUN_NOT_READY", ...run },
  cancel_run: { for: "runs:write", yes: "200", ...run },
};
const door: Ask = { for: "mcp", yes: "in" };

let owners: Owners;
let callers: Caller[];
const all: Sent[] = [];

beforeAll(async () => {
  await rowsAsOwner("update sqe.tenants set mcp = true where id = $1", [alice.tenant]);
  owners = await makeOwners();
  callers = await makeCallers(owners, owners.me.things.run);
});
afterAll(async () => {
  await removeThings(owners);
  console.log(printed(all));
});

it("there is a rule for every tool", () => {
  expect(tools.map(({ name }) => name).toSorted()).toEqual(Object.keys(toolRules).toSorted());
});

// The SDK is made ready module by module for the first call, which takes half a minute.
it.each(Object.keys(toolRules))(
  "every kind of caller may do by %s what it may do by the API",
  { timeout: 180_000 },
  async (tool) => {
    const ask = toolRules[tool] ?? expect.unreachable();
    const wrong: string[] = [];
    for (const caller of callers)
      for (const owner of ask.of === undefined ? (["nobody"] as const) : ownerNames) {
        const wanted = wantedOf(ask, caller, owner);
        const came = await use(tool, ask, caller, owner);
        all.push({ ask: tool, caller: caller.name, owner, came, wanted, yes: codeOf(ask.yes), text: "" });
        if (came !== wanted) wrong.push(`${caller.name}, ${owner}'s: ${came}, not ${wanted}`);
      }
    expect(wrong).toEqual([]);
  },
);

function wantedOf(ask: Ask, caller: Caller, owner: OwnerName): string {
  const atDoor = expected(door, caller, "POST", "nobody");
  if (atDoor !== door.yes) return atDoor;
  // Assistants are turned off for that tenant.
  if (caller.is === "foreigner") return "403 FORBIDDEN";
  // A tool works by the credential that its client sends, and never by a cookie.
  return caller.page === undefined ? codeOf(expected(ask, caller, "POST", owner)) : "UNAUTHENTICATED";
}

/** A tool's refusal has no status. */
const codeOf = (answer: string) => answer.replace(/^\d+ ?/, "") || "done";

async function use(tool: string, { body, of }: Ask, caller: Caller, owner: OwnerName): Promise<string> {
  const id = owner === "nobody" ? "0".repeat(30) : owners[owner].things.run;
  const call = { name: tool, arguments: of === undefined ? body : { id } };
  const headers = {
    ...asFromOwnPage(caller),
    ...caller.headers,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call });
  const request = new Request("http://127.0.0.1/mcp", { method: "POST", headers, body: message });
  const answering = exports.default.fetch(request).then(readAnswer);
  if (tool === "run_sql") await endRunsUntil(answering);
  const { ok, status, text } = await answering;
  if (!ok) return shown(text, String(status));
  const line =
    text
      .split("\n")
      .find((one: string) => one.startsWith("data: {"))
      ?.slice("data: ".length) ?? text;
  const { result } = readJson(line) as { result: { isError?: boolean; content: { text: string }[] } };
  return result.isError === true ? shown(result.content[0]?.text ?? "") : "done";
}

async function readAnswer(answer: Response): Promise<{ ok: boolean; status: number; text: string }> {
  return { ok: answer.ok, status: answer.status, text: await answer.text() };
}

/** Cancels what is queued for the caller until its call is answered: nothing takes jobs here, and a call waits 50 s for its run. */
async function endRunsUntil(answering: Promise<unknown>): Promise<void> {
  let isAnswered = false;
  const noted = answering.then(() => (isAnswered = true));
  const endAll = async () => {
    const queued = "select id from sqe.runs where user_id = $1 and status = 'queued'";
    for (const { id } of await rowsAsOwner(queued, [owners.me.sub]))
      await post(`/v1/runs/${String(id)}/cancel`, {}, {}, owners.me);
    return isAnswered;
  };
  await expect.poll(endAll, { interval: 200, timeout: 45_000 }).toBe(true);
  await noted;
}

function shown(text: string, status?: string): string {
  const { code, missing } = readJson(text) as { code?: string; missing?: string };
  return [status, code, missing].filter((part) => part !== undefined).join(" ");
}
