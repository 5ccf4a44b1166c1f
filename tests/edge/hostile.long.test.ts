import { env, exports } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allCalls } from "#api/all-calls.ts";
import { asks } from "./support/access/rules.ts";
import { makeOwners, marksOf, removeThings, type Owners } from "./support/access/things.ts";
import * as hostile from "./support/hostile.ts";
import { alice, bindings, tokenOf } from "./support/people.ts";

/** What nobody sends by accident, to every address: none is answered by a bug, and none tells what is somebody else's. */

const ours = "http://127.0.0.1";
let owners: Owners;
let credential: string;

beforeAll(async () => {
  owners = await makeOwners();
  credential = `Bearer ${await tokenOf(owners.me, { claims: { role: "administrator" } })}`;
});
afterAll(() => removeThings(owners));

/** Codes of answers that Marketing Cloud, or the sandbox in its place, is the reason of. */
const ofOthers = new Set(["MCE_ERROR", "MCE_BUSY", "UNAVAILABLE"]);

/** Sends one request. @returns what is wrong with its answer */
async function wrong(method: string, address: string, init: RequestInit = {}): Promise<string | undefined> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", credential);
  const answer = await exports.default.fetch(
    new Request(`${ours}${address}`, { redirect: "manual", ...init, method, headers }),
  );
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (isStream) await answer.body?.cancel();
  const text = isStream ? "" : await answer.text();
  const what = `${method} ${address.slice(0, 200)} ${JSON.stringify(init.body ?? "").slice(0, 200)}: ${answer.status}`;
  const told = toldOf(text, `${address} ${JSON.stringify(init.body ?? "")}`);
  if (told.length > 0) return `${what} tells ${told.join(", ")}`;
  const isJson = text !== "" && /json/.test(answer.headers.get("content-type") ?? "");
  const { code } = answer.status >= 400 && isJson ? (JSON.parse(text) as { code?: string }) : {};
  return answer.status < 500 || ofOthers.has(code ?? "") ? undefined : `${what} ${text.slice(0, 300)}`;
}

/** What an answer tells of another tenant's people, beyond what it was asked: an administrator may know all of the own one's. */
function toldOf(text: string, asked: string): string[] {
  const { foreigner, outsider } = owners;
  return [foreigner, outsider]
    .flatMap(marksOf)
    .filter((mark) => text.includes(mark) && !asked.includes(mark) && !asked.includes(encodeURIComponent(mark)));
}

async function wrongs(some: readonly Promise<string | undefined>[]): Promise<string[]> {
  return (await Promise.all(some)).filter((one) => one !== undefined);
}

const addresses = Object.keys(asks).filter((name) => name.split(" ").length === 2 && !name.includes("/bridge/"));
const filled = (path: string, part: string) => path.replace(/\{\w+\}/, part);
const noRun = "0".repeat(30);

it.each(addresses.filter((name) => name.includes("{")))("%s takes any text in its path", async (name) => {
  const [method = "", path = ""] = name.split(" ");
  const init = method === "GET" || method === "DELETE" ? {} : { body: JSON.stringify(asks[name]?.body ?? {}) };
  const texts = hostile.hostileTexts(owners);
  expect(await wrongs(texts.map((part) => wrong(method, filled(path, part), init)))).toEqual([]);
});

const withQuery = allCalls.flatMap((call) =>
  Object.keys(call.query?.shape ?? {})
    // A sweep asks bridges, of which there are none here.
    .filter((name) => name !== "dryRun")
    .map((name) => [call.method.toUpperCase(), call.path, name] as const),
);

it.each(withQuery)("%s %s takes any text as %s", async (method, path, name) => {
  const address = filled(path, path.startsWith("/v1/tables") ? "Customers" : owners.me.things.run);
  const queries = [
    ...hostile.hostileTexts(owners).map((text) => `${name}=${text}`),
    `${name}=1&${name}=99999999`,
    "__proto__=1&constructor=2",
  ];
  expect(await wrongs(queries.map((query) => wrong(method, `${address}?${query}`)))).toEqual([]);
});

/** Members that the rules of access do not need. */
const more: Readonly<Record<string, object>> = {
  "POST /v1/runs": {
    snippetName: "x",
    target: { customerKey: "Nowhere", mode: "append" },
    total: true,
    parameters: [],
  },
  "POST /v1/sql/check": { target: { customerKey: "Nowhere", mode: "append" }, parameters: [] },
  "POST /v1/keys": { scopes: ["runs:read"], expiresInDays: 1 },
  "POST /v1/tokens": { scopes: ["runs:read"], runId: noRun },
  "PATCH /v1/members/{id}": { role: "member", active: true },
  "PATCH /v1/connections/{id}": { name: "x", clientSecret: "x", mids: [1] },
  "POST /v1/connections": { name: "x", subdomain: "mcx", clientId: "x", clientSecret: "x", mids: [1] },
  "POST /auth/handoffs": { kind: "frame" },
  "POST /auth/handoffs/{id}": { secret: "x" },
};
const withBody = allCalls
  .filter(({ body, path }) => body !== undefined && path !== "/mcp")
  .map(({ method, path }) => `${method.toUpperCase()} ${path}`);

it.each(withBody)("%s takes any body", async (name) => {
  const [method = "", path = ""] = name.split(" ");
  const address = filled(path, path.startsWith("/v1/members") ? "nobody" : noRun);
  const known: Record<string, unknown> = { ...asks[name]?.body, ...more[name] };
  const changed = Object.keys(known).flatMap((member) =>
    hostile.hostileValues.map((value) => JSON.stringify({ ...known, [member]: value })),
  );
  const send = (body: string, type = "application/json") =>
    wrong(method, address, { headers: { "content-type": type, origin: ours }, body });
  const bodies = [...hostile.hostileBodies(known), ...changed];
  expect(await wrongs(bodies.map((body) => send(body)))).toEqual([]);
  expect(await wrongs(hostile.hostileTypes.map((type) => send(JSON.stringify(known), type)))).toEqual([]);
});

it("headers may be anything, come twice, and name another method", async () => {
  const run = `/v1/runs/${owners.me.things.run}`;
  const names = ["last-event-id", "if-none-match", "idempotency-key", "prefer", "traceparent", "x-forwarded-host"];
  const one = names.flatMap((name) => hostile.hostileHeaders(owners).map((value) => ({ [name]: value })));
  const sent = [
    ...one.flatMap((headers) => [wrong("GET", run, { headers }), wrong("GET", `${run}/events`, { headers })]),
    ...one.map((headers) => wrong("POST", "/v1/runs", { headers, body: '{"sql":"SELECT 1 AS A"}' })),
  ];
  expect(await wrongs(sent)).toEqual([]);
  for (const name of ["x-http-method-override", "x-method-override", "x-http-method"]) {
    const headers = { authorization: credential, [name]: "DELETE" };
    const answer = await exports.default.fetch(new Request(`${ours}/v1/keys/${owners.me.things.key}`, { headers }));
    expect(answer.status).toBe(404);
  }
  const twice = new Headers([
    ["authorization", credential],
    ["authorization", `Bearer ${await tokenOf(owners.foreigner)}`],
  ]);
  expect((await exports.default.fetch(new Request(`${ours}/v1/me`, { headers: twice }))).status).toBe(401);
});

it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"])(
  "%s is answered everywhere without a bug",
  async (method) => {
    const paths = [...new Set(addresses.map((name) => filled(name.split(" ")[1] ?? "", noRun)))];
    const pages = ["/auth/login", "/auth/callback?code=x&state=y", "/auth/callback?code=a&code=b", "/t/x", "/nowhere"];
    expect(await wrongs([...paths, ...pages].map((path) => wrong(method, path)))).toEqual([]);
  },
);

it.each(["/v1/me", "/auth/account", "/auth/callback?code=x&state=y", "/auth/confirm?handoff=x"])(
  "%s takes any cookie, however long",
  async (path) => {
    const cookies = hostile.hostileCookies.flatMap((value) => [
      `__Host-sqe=${value}`,
      `__Host-sqe-in=${value}`,
      `__Host-sqe=x; __Host-sqe=${value}`,
    ]);
    const send = (cookie: string) => wrong("GET", path, { headers: { cookie, authorization: "" } });
    expect(await wrongs(cookies.map(send))).toEqual([]);
  },
);

it.each(hostile.hostileFiles)("the static file %s is one of ours or none", async (path) => {
  const answer = await env.ASSETS.fetch(`${ours}${path}`, { redirect: "manual" });
  const text = await answer.text();
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get("location") ?? "/").toMatch(/^\/(?![/\\])/);
  for (const secret of [bindings["VAULT_KEYS"], bindings["BRIDGE_SECRET"], alice.connection, "compatibility_date"])
    expect(text).not.toContain(secret);
});

it.each(["evil.example", "127.0.0.1@evil.example", "127.0.0.1:1"])(
  "the host %s that somebody else named leads nobody away",
  async (host) => {
    const headers = { "x-forwarded-host": host, "x-original-url": "/v1/admin/status", forwarded: `host=${host}` };
    const send = (path: string, init: RequestInit = {}) =>
      exports.default.fetch(new Request(`${ours}${path}`, { redirect: "manual", headers, ...init }));
    const opened = await (
      await send("/auth/handoffs", { method: "POST", body: "{}" })
    ).json<{ verificationUrl: string }>();
    expect(new URL(opened.verificationUrl).origin).toBe(ours);
    const login = await send("/auth/login?subdomain=mcsandbox-enterprise-a000001");
    expect(new URL(login.headers.get("location") ?? "").searchParams.get("redirect_uri")).toBe(`${ours}/auth/callback`);
  },
);
