import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { allCalls } from "#api/all-calls.ts";
import { app } from "../../src/worker/app.ts";
import { readObjectConfig } from "../../src/run-object/config.ts";
import { readConfig } from "../../src/worker/config.ts";
import { askWith } from "./support/api.ts";
import { watchersOf } from "./support/object.ts";
import { bindings, stranger, tokenOf, type Person } from "./support/people.ts";
import { redis } from "./support/redis.ts";
import { breakDown } from "./support/stand-ins.ts";

const limited = { ...env, SQE_LIMITS: "on" };

/** One request to a Worker whose limits are on. */
function ask(
  person: Person,
  path: string,
  body?: object,
  { variables = {}, headers: more = {} }: { variables?: object; headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { "content-type": "application/json", ...more };
  const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  return askWith({ SQE_LIMITS: "on", ...variables }, path, init, person);
}

/** How many of so many requests are let through. */
async function passing(times: number, request: () => Promise<Response>): Promise<number> {
  let passed = 0;
  for (let n = 0; n < times; n += 1) passed += (await request()).status === 429 ? 0 : 1;
  return passed;
}

/** The stand-in for Workers' rate limit begins anew with each minute of the clock. */
const acrossMinutes = { retry: 2 };

describe("limits", () => {
  it("let a user validate 20 checks a minute, and check 240", acrossMinutes, async () => {
    const person = stranger();
    // A text that ends at the guard costs nothing else.
    const check = (validate: boolean) => () => ask(person, "/v1/sql/check", { sql: "", validate });
    expect(await passing(25, check(true))).toBe(20);
    expect(await passing(240, check(false))).toBe(215);
    expect(await passing(1, () => ask(stranger(), "/v1/sql/check", { sql: "" }))).toBe(1);
  });

  it("are told by every answer of a call that counts, and say when to come again", acrossMinutes, async () => {
    const person = stranger();
    const check = () => ask(person, "/v1/sql/check", { sql: "" });
    const policy = '"checks";q=240;w=60, "validations";q=20;w=60';
    const first = await check();
    expect([first.status, headersOf(first)]).toEqual([200, [policy, null, null]]);
    await passing(20, check);
    const over = await check();
    expect([over.status, headersOf(over)]).toEqual([429, [policy, '"validations";r=0;t=60', "60"]]);
    expect(await over.json()).toMatchObject({
      code: "RATE_LIMITED",
      detail: expect.stringContaining("20 queries a minute"),
    });
    const free = await exports.default.fetch(new Request("https://edge.example/healthz"));
    expect(headersOf(free)).toEqual([null, null, null]);
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
      activeRunsPerUser: 10,
      streamsPerUser: 20,
    });
    const { signInsPerMinute, handoffsPerMinute } = readConfig(limited).limits;
    expect([signInsPerMinute, handoffsPerMinute]).toEqual([told("SIGN_IN_LIMIT"), told("HANDOFF_LIMIT")]);
  });
});

function headersOf({ headers }: Response): (string | null)[] {
  return ["ratelimit-policy", "ratelimit", "retry-after"].map((name) => headers.get(name));
}

describe("what comes without a credential", () => {
  /** One step of a sign-in from an address. */
  const signIn =
    (address: string, path = "/auth/login", method = "GET") =>
    async () =>
      app.request(
        `https://edge.example${path}`,
        { method, headers: { "cf-connecting-ip": address } },
        limited,
        createExecutionContext(),
      );
  const random = () => crypto.randomUUID().slice(0, 4);

  it(
    "is counted by its address: 60 steps of signing in a minute, and 20 sign-ins handed on",
    acrossMinutes,
    async () => {
      const address = `10.0.0.1-${random()}`;
      expect(await passing(70, signIn(address))).toBe(60);
      expect(await passing(30, signIn(address, "/auth/handoffs", "POST"))).toBe(20);
      expect(await passing(1, signIn(`10.0.0.2-${random()}`))).toBe(1);
      // A poll has a bound of its own.
      expect(await passing(10, signIn(address, "/auth/handoffs/1", "POST"))).toBe(10);
      const over = await signIn(address)();
      expect([over.headers.get("ratelimit"), (await over.json<{ detail: string }>()).detail]).toEqual([
        '"sign-ins";r=0;t=60',
        "From one address 60 steps of signing in a minute are possible; try again in a minute",
      ]);
    },
  );

  it("also at a tenant's own address, and where a hand-off is decided", acrossMinutes, async () => {
    const address = `10.0.0.3-${random()}`;
    await passing(59, signIn(address, "/t/nobody"));
    expect(await passing(3, signIn(address, "/auth/handoffs/1/decision", "POST"))).toBe(1);
    expect((await signIn(address, "/t/nobody")()).status).toBe(429);
  });

  it("and by its network, where one person has as many addresses as they like", acrossMinutes, async () => {
    const network = `2001:db8:${random()}`;
    await passing(59, signIn(`${network}:0:a:b:c:d`));
    expect(await passing(3, signIn(`${network}::1`))).toBe(1);
    expect(await passing(1, signIn(`${network}:7:a:b:c:d`))).toBe(1);
  });
});

describe("active runs", () => {
  const variables = { ACTIVE_RUNS_PER_USER: "2" };
  const submit = (person: Person, key?: string, sql = "SELECT 1 AS A") =>
    ask(person, "/v1/runs", { sql }, { variables, headers: key === undefined ? {} : { "idempotency-key": key } });
  const idOf = async (answer: Response) => (await answer.json<{ id: string }>()).id;
  const keyOf = ({ tenant, sub }: Person) => `sqe:active:${tenant}:${sub}`;
  const places = (person: Person) => redis<string[]>("ZRANGE", keyOf(person), "0", "-1");

  it("of a user are as many as ACTIVE_RUNS_PER_USER; the end of one makes room, and a repeat takes none", async () => {
    const person = stranger();
    const first = await idOf(await submit(person, "one"));
    const second = await idOf(await submit(person));
    const over = await submit(person);
    expect([over.status, over.headers.get("retry-after"), await over.json()]).toMatchObject([
      429,
      "10",
      { code: "RATE_LIMITED", detail: "You may have 2 runs that are not over; wait for one to end, or cancel one" },
    ]);
    expect((await submit(person, "one")).status).toBe(202);
    expect((await submit(stranger())).status).toBe(202);
    await ask(person, `/v1/runs/${first}/cancel`, {});
    await expect.poll(() => places(person)).toEqual([second]);
    // Over by now: its repeat answers with it, and holds no place.
    expect((await submit(person, "one")).status).toBe(202);
    expect((await submit(person, "one", "SELECT 2 AS A")).status).toBe(422);
    expect(await places(person)).toEqual([second]);
    expect((await submit(person)).status).toBe(202);
  });

  it("whose end was not told to Redis are found when their place is needed", async () => {
    const person = stranger();
    const ids = [await idOf(await submit(person)), await idOf(await submit(person))];
    const [lost = ""] = ids;
    const repair = await breakDown("redis", lost);
    await ask(person, `/v1/runs/${lost}/cancel`, {});
    await repair();
    expect((await places(person)).toSorted()).toEqual(ids.toSorted());
    expect((await submit(person)).status).toBe(202);
    expect(await places(person)).not.toContain(lost);
    expect((await submit(person)).status).toBe(429);
  });

  it("leave their places by themselves when nobody does, and are not limited while Redis is away", async () => {
    const person = stranger();
    await redis("ZADD", keyOf(person), String(Date.now() - 1), "a", String(Date.now() - 1), "b");
    const id = await idOf(await submit(person));
    expect(await places(person)).toEqual([id]);
    const leftMs = Number(await redis("PTTL", keyOf(person)));
    expect(leftMs).toBeGreaterThan(2.5 * 3_600_000);
    await submit(person);
    await breakDown("redis", keyOf(person));
    expect((await submit(person)).status).toBe(202);
  });
});

describe("streams", () => {
  it("of a user are as many as STREAMS_PER_USER; one that is closed makes room", async () => {
    const person = stranger();
    const variables = { STREAMS_PER_USER: "2" };
    const { id } = await (await ask(person, "/v1/runs", { sql: "SELECT 1 AS A" })).json<{ id: string }>();
    const follow = () => ask(person, `/v1/runs/${id}/events`, undefined, { variables });
    const [one, two] = [await follow(), await follow()];
    const over = await follow();
    expect([over.status, over.headers.get("retry-after"), await over.json()]).toMatchObject([
      429,
      "5",
      { detail: "You may have 2 streams open; close one, or ask GET /v1/runs/{id}?wait=25 instead" },
    ]);
    // The socket of the refused one is closed, too.
    await expect.poll(() => watchersOf(id)).toBe(2);
    await one.body?.cancel();
    const key = `sqe:streams:${person.tenant}:${person.sub}`;
    await expect.poll(() => redis("ZCARD", key)).toBe(1);
    const three = await follow();
    expect(three.status).toBe(200);
    await Promise.all([two.body?.cancel(), three.body?.cancel()]);
    await expect.poll(() => redis("ZCARD", key)).toBe(0);
  });
});

describe("a body", () => {
  const withBody = allCalls.filter(({ body }) => body !== undefined);

  it.each(withBody.map(({ method, path }) => [method.toUpperCase(), path]))(
    "of %s %s ends at 1 MB",
    async (method, path) => {
      const token = await tokenOf(stranger(), { claims: { role: "administrator" } });
      // As pages of our own ask, because some calls are for them alone.
      const origin = "https://edge.example";
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", origin };
      const url = `${origin}${path.replace(/\{\w+\}/, "x")}`;
      const body = `{"a":"${"x".repeat(1_000_000)}"}`;
      const answer = await exports.default.fetch(new Request(url, { method, headers, body }));
      expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([413, "TOO_LARGE"]);
    },
  );
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
