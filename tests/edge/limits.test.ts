import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/worker/app.ts";
import { readObjectConfig } from "../../src/run-object/config.ts";
import { contract } from "./support/contract.ts";
import { bindings, stranger, tokenOf, type Person } from "./support/people.ts";

const limited = { ...env, SQE_LIMITS: "on" };

/** One request to a Worker whose limits are on. */
async function ask(person: Person, path: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${await tokenOf(person)}`, "content-type": "application/json" };
  const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await app.request(`https://edge.example${path}`, init, limited);
  await (await contract()).check(init.method ?? "GET", path, answer);
  return answer;
}

/** How many of so many requests are let through. */
async function passing(times: number, request: () => Promise<Response>): Promise<number> {
  let passed = 0;
  for (let n = 0; n < times; n += 1) passed += (await request()).status === 429 ? 0 : 1;
  return passed;
}

describe("limits", () => {
  it("let a user validate 20 checks a minute, and check 240", async () => {
    const person = stranger();
    // A text that ends at the guard costs nothing else.
    const check = (validate: boolean) => () => ask(person, "/v1/sql/check", { sql: "", validate });
    expect(await passing(25, check(true))).toBe(20);
    expect(await passing(240, check(false))).toBe(215);
    expect(await passing(1, () => ask(stranger(), "/v1/sql/check", { sql: "" }))).toBe(1);
  });

  it("are told by GET /v1/me, with the numbers of the bindings", async () => {
    const me = await (await ask(stranger(), "/v1/me")).json<{ limits: object }>();
    const told = (name: string) =>
      Number(new RegExp(`name = "${name}"[^\\[]*?limit = (\\d+)`).exec(bindings["TEST_WRANGLER"] ?? "")?.[1]);
    expect(me.limits).toEqual({
      runsPerMinute: told("RUN_LIMIT"),
      activeRuns: 8,
      checksPerMinute: told("CHECK_LIMIT"),
      validationsPerMinute: told("VALIDATION_LIMIT"),
    });
  });
});

describe("RESULT_HOURS", () => {
  const hours = (RESULT_HOURS: string | undefined) =>
    readObjectConfig({ ...bindings, RESULT_HOURS }).settings.resultTtlMs / 3_600_000;

  it("is the life of results, a day where nobody says it", () => {
    expect([hours(undefined), hours("1"), hours("24")]).toEqual([24, 1, 24]);
  });

  it.each(["0", "25", "x", "0.5"])("refuses %s", (text) => {
    expect(() => hours(text)).toThrow("RESULT_HOURS");
  });
});
