import { afterEach, describe, expect, it, vi } from "vitest";
import { admin } from "./support/admin.ts";
import { ask, bodyOf } from "./support/api.ts";
import { ann, behave, ben, Browser } from "./support/browser.ts";
import { oldSessionOf } from "./support/old-session.ts";
import { enroll, rowsAsOwner } from "./support/owner.ts";
import { alice, stranger } from "./support/people.ts";
import { sandbox } from "./support/sandbox.ts";
import { breakDown } from "./support/stand-ins.ts";

type Me = { user: { id: string; name?: string; email?: string }; businessUnit: { mid: number }; isAdmin: boolean };

const me = async (browser: Browser) => (await browser.ask("/v1/me")).json<Me>();
const status = async (answer: Response | Promise<Response>) => (await answer).status;
const textOf = async (answer: Response | Promise<Response>) => (await answer).text();

afterEach(async () => {
  vi.useRealTimers();
  await behave({ wrappedCode: false, signedInUser: null, userInfoShape: "nested", userInfoDelayMs: 0 });
});

describe("signing in", () => {
  it("leads over Marketing Cloud to a session, which /v1/me knows", async () => {
    const browser = new Browser();
    const asked = new URL((await browser.ask("/auth/login")).headers.get("location") ?? "");
    expect(asked.searchParams.get("code_challenge_method")).toBe("S256");
    const again = new URL((await new Browser().ask("/auth/login")).headers.get("location") ?? "");
    for (const secret of ["state", "code_challenge"])
      expect(again.searchParams.get(secret)).not.toBe(asked.searchParams.get(secret));
    const back = await browser.signIn();
    expect([back.status, back.headers.get("location")]).toEqual([302, "/"]);
    const [line = ""] = back.headers.getSetCookie().filter((it) => it.startsWith("__Host-sqe="));
    const [begun = ""] = (await new Browser().ask("/auth/login")).headers.getSetCookie();
    expect(begun).toMatch(/^__Host-sqe-in=/);
    for (const part of ["HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/"])
      for (const cookie of [line, begun]) expect(cookie).toContain(part);
    expect([...browser.cookies.keys()]).toEqual(["__Host-sqe"]);
    expect(await me(browser)).toMatchObject({
      user: { id: "7000091", name: "Ann Alvarez", email: "ann@enterprise-a.example.com" },
      tenant: { id: alice.tenant },
      businessUnit: { mid: 7000001 },
      businessUnits: [{ mid: 7000001 }],
      isAdmin: false,
    });
    expect(await textOf(browser.ask("/auth/account"))).toContain("Ann Alvarez");
  });

  it("does what a person may: a run under the grant", async () => {
    const browser = new Browser();
    await browser.signIn();
    const run = await browser.send("/v1/runs", { sql: "SELECT CustomerKey FROM Customers" });
    expect([run.status, await run.text()]).toEqual([202, expect.stringContaining("queued")]);
    const tables = await browser.ask("/v1/tables?q=Customers");
    expect([tables.status, await tables.text()]).toEqual([200, expect.stringContaining("Customers")]);
  });

  it("takes a wrapped code, a flat userinfo, and the silent road of somebody who is signed in there", async () => {
    await behave({ wrappedCode: true, userInfoShape: "flat", signedInUser: ben.user });
    const browser = new Browser();
    const login = await browser.ask("/auth/login");
    const silent = await fetch(login.headers.get("location") ?? "", { redirect: "manual" });
    const back = new URL(silent.headers.get("location") ?? "");
    expect(back.searchParams.get("code")).toContain(".");
    expect(await status(browser.ask(`${back.pathname}${back.search}`))).toBe(302);
    expect(await me(browser)).toMatchObject({ user: { id: "7000092" }, businessUnit: { mid: 7000011 } });
  });

  it("leads back to a path of ours alone", async () => {
    const next = async (path: string) =>
      (await new Browser().signIn(ann, `&return=${encodeURIComponent(path)}`)).headers.get("location");
    expect(await next("/runs/1?x=2")).toBe("/runs/1?x=2");
    for (const path of ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"])
      expect(await next(path)).toBe("/");
  });

  it("takes along what a cookie holds, and no more", async () => {
    const long = encodeURIComponent(`/runs/${"é".repeat(3000)}`);
    const login = await new Browser().ask(`/auth/login?return=${long}&invitation=${"x".repeat(5000)}`);
    const [line = ""] = login.headers.getSetCookie();
    expect([login.status, line.length < 4000]).toEqual([302, true]);
    expect((await new Browser().signIn(ann, `&return=${long}`)).headers.get("location")).toBe("/");
  });

  it.each(["/auth/login?subdomain=%00", "/auth/login?subdomain=m%00c", "/t/%00", "/t/a%00b", "/t/%ff", "/t/'--"])(
    "asks for a sub-domain where %s names none",
    async (path) => {
      const answer = await new Browser().ask(path);
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('name="subdomain"')]);
    },
  );

  it("asks for a sub-domain that is none, and takes an address that begins with one", async () => {
    const browser = new Browser();
    const login = await browser.ask("/auth/login?subdomain=https%3A%2F%2Fmcsandbox-enterprise-b000001.auth.x.com%2F");
    const back = await browser.consent(login, { user: "cleo@enterprise-b.example.com", mid: 8000001 });
    expect(await status(browser.ask(`${back.pathname}${back.search}`))).toBe(302);
    expect(await me(browser)).toMatchObject({ user: { name: "Cleo Chen" } });
  });
});

describe("a callback", () => {
  const refused = async (browser: Browser, path: string, why: string) => {
    const answer = await browser.ask(path);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(why)]);
    expect(browser.cookies.has("__Host-sqe")).toBe(false);
  };
  const begun = async () => {
    const browser = new Browser();
    return { browser, login: await browser.ask("/auth/login") };
  };

  it("without the cookie of its beginning, or ten minutes later, is lost", async () => {
    const { browser, login } = await begun();
    const back = await browser.consent(login, ann);
    await refused(new Browser(), `${back.pathname}${back.search}`, "did not begin");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    await refused(browser, `${back.pathname}${back.search}`, "did not begin");
  });

  it("counts once", async () => {
    const { browser, login } = await begun();
    const back = await browser.consent(login, ann);
    const cookies = new Map(browser.cookies);
    expect(await status(browser.ask(`${back.pathname}${back.search}`))).toBe(302);
    const again = new Browser();
    for (const [name, value] of cookies) again.cookies.set(name, value);
    await refused(again, `${back.pathname}${back.search}`, "no longer knows");
  });

  it("with another state, another sub-domain or a refusal signs nobody in", async () => {
    for (const [change, why] of [
      [{ state: "another" }, "refused"],
      [{ tssd: "mcsandbox-enterprise-b000001" }, "another sub-domain"],
    ] as const) {
      const { browser, login } = await begun();
      const back = await browser.consent(login, ann);
      for (const [name, value] of Object.entries(change)) back.searchParams.set(name, value);
      await refused(browser, `${back.pathname}${back.search}`, why);
    }
    const { browser, login } = await begun();
    const back = await browser.consent(login, { ...ann, decision: "deny" });
    await refused(browser, `${back.pathname}${back.search}`, "said no");
  });
});

it("userinfo that takes seconds is waited for; without its answer nobody is signed in", async () => {
  await behave({ userInfoDelayMs: 1500 });
  const browser = new Browser();
  expect(await status(browser.signIn())).toBe(302);
  expect(await me(browser)).toMatchObject({ user: { id: "7000091" } });
  await sandbox("faults", { call: "AUTH userinfo", mid: 7000012, times: 1, status: 500, body: "" });
  const answer = await new Browser().signIn({ ...ann, mid: 7000012 });
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("does not answer")]);
});

describe("a session", () => {
  it("ends at once where it is signed out, and within five minutes elsewhere", async () => {
    const browser = new Browser();
    await browser.signIn();
    const stolen = new Browser();
    for (const [name, value] of browser.cookies) stolen.cookies.set(name, value);
    expect(await status(browser.send("/auth/logout", {}))).toBe(200);
    expect(browser.cookies.size).toBe(0);
    expect(await status(browser.ask("/v1/me"))).toBe(401);
    expect(await status(stolen.ask("/v1/me"))).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
    expect(await status(stolen.ask("/v1/me"))).toBe(401);
    expect(stolen.cookies.size).toBe(0);
  });

  it("is looked at every five minutes, and then gets a new cookie", async () => {
    const browser = new Browser();
    await browser.signIn();
    const before = browser.cookies.get("__Host-sqe");
    await browser.ask("/v1/me");
    expect(browser.cookies.get("__Host-sqe")).toBe(before);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
    expect(await status(browser.ask("/v1/me"))).toBe(200);
    expect(browser.cookies.get("__Host-sqe")).not.toBe(before);
  });

  it("costs no look at Postgres until then", async () => {
    const browser = new Browser();
    await browser.signIn(ben);
    const [row] = await rowsAsOwner("select id from sqe.sessions order by created_at desc limit 1");
    await breakDown("postgres", String(row?.["id"]));
    expect(await status(browser.ask("/v1/me"))).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
    expect(await status(browser.ask("/v1/me"))).toBe(503);
  });

  it.each([
    [
      "unused for 30 minutes",
      "update sqe.sessions set last_used_at = now() - interval '31 minutes' where user_id = $1",
    ],
    ["of 8 hours", "update sqe.sessions set created_at = now() - interval '8 hours' where user_id = $1"],
    ["of somebody who was switched off", "update sqe.users set active = false where user_id = $1"],
  ])("%s has ended", async (_, change) => {
    const browser = new Browser();
    await browser.signIn(ben);
    await admin(change, ["7000092"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
    expect(await status(browser.ask("/v1/me"))).toBe(401);
    await admin("update sqe.users set active = true where user_id = $1", ["7000092"]);
  });

  it("ends with its tenant", async () => {
    const [tenant, eid] = [crypto.randomUUID(), 4_000_000_000 + Math.floor(Math.random() * 1_000_000_000)];
    await rowsAsOwner("insert into sqe.tenants (id, eid, name) values ($1, $2, 'Suspended')", [tenant, eid]);
    const person = { ...stranger(), tenant, eid, mid: eid };
    await enroll(person);
    const headers = { cookie: await oldSessionOf(person) };
    expect(await status(new Browser().ask("/v1/tenant", { headers }))).toBe(200);
    await rowsAsOwner("update sqe.tenants set active = false where id = $1", [tenant]);
    expect(await status(new Browser().ask("/v1/tenant", { headers }))).toBe(401);
  });

  it("that is forged, or a cookie of another kind, is none", async () => {
    const browser = new Browser();
    await browser.ask("/auth/login");
    const other = browser.cookies.get("__Host-sqe-in") ?? "";
    for (const value of [other, `${other}x`, "x"]) {
      browser.cookies.set("__Host-sqe", value);
      expect(await status(browser.ask("/v1/me"))).toBe(401);
    }
  });

  it("sealed as something else is none, whatever it says", async () => {
    const person = stranger();
    await enroll(person);
    const as = async (kind: "sqe-session" | "sqe-token" | "sqe-sign-in") =>
      status(new Browser().ask("/v1/tenant", { headers: { cookie: await oldSessionOf(person, kind) } }));
    expect([await as("sqe-session"), await as("sqe-token"), await as("sqe-sign-in")]).toEqual([200, 401, 401]);
  });

  it("is its own person's access to Marketing Cloud, and nobody else's", async () => {
    const browser = new Browser();
    await browser.signIn();
    const [grant] = await rowsAsOwner("select id from sqe.grants where tenant_id = $1 and user_id = '7000091'", [
      alice.tenant,
    ]);
    const connection = String(grant?.["id"]);
    expect(await status(ask("/v1/tables?limit=1", {}, { ...alice, sub: "7000091", connection }))).toBe(200);
    expect(await status(ask("/v1/tables?limit=1", {}, { ...alice, connection }))).toBe(403);
  });

  it("changes nothing for pages of others, for forms, and by GET", async () => {
    const browser = new Browser();
    await browser.signIn();
    const body = { sql: "SELECT CustomerKey FROM Customers" };
    const cross = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    for (const headers of [
      cross,
      { origin: "https://evil.example" },
      { "sec-fetch-site": "same-site" },
      { "content-type": "text/plain" },
    ])
      for (const path of ["/v1/runs", "/auth/logout", "/auth/business-unit"])
        expect([path, headers, await status(browser.send(path, body, headers))]).toEqual([path, headers, 403]);
    for (const path of ["/auth/logout", "/auth/business-unit"]) expect(await status(browser.ask(path))).toBe(404);
    const read = (site: string) => status(browser.ask("/v1/tables?refresh=1", { headers: { "sec-fetch-site": site } }));
    expect([await read("cross-site"), await read("same-site"), await read("none")]).toEqual([403, 403, 200]);
    expect(await status(browser.ask("/v1/me"))).toBe(200);
  });
});

describe("another business unit", () => {
  it("is entered by a refresh, without a new sign-in, and is remembered", async () => {
    const browser = new Browser();
    await browser.signIn();
    const moved = await browser.send("/auth/business-unit", { mid: 7000011 });
    expect([moved.status, await moved.json()]).toEqual([200, { mid: 7000011, next: "/auth/account" }]);
    const now = await me(browser);
    expect(now).toMatchObject({ businessUnit: { mid: 7000011 } });
    expect(JSON.stringify(now)).toContain('{"mid":7000001}');
    expect(await status(browser.ask("/v1/tables"))).toBe(200);
  });

  it("is entered also when the row of the grant does not name it, because another sign-in came in between", async () => {
    const browser = new Browser();
    await browser.signIn();
    const { user } = await me(browser);
    const enter = (mid: number) => browser.send("/auth/business-unit", { mid });
    expect([await status(enter(7000011)), await status(enter(7000001))]).toEqual([200, 200]);
    await rowsAsOwner("update sqe.grants set mids = '{7000001}' where user_id = $1", [user.id]);
    expect(await status(enter(7000011))).toBe(200);
    expect(await me(browser)).toMatchObject({ businessUnit: { mid: 7000011 } });
  });

  it("that Marketing Cloud refuses leaves everything as it was", async () => {
    const browser = new Browser();
    await browser.signIn(ben);
    const refused = await browser.send("/auth/business-unit", { mid: "7000001" });
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([403, "FORBIDDEN"]);
    expect(await me(browser)).toMatchObject({ businessUnit: { mid: 7000011 } });
    expect(await status(browser.ask("/v1/tables"))).toBe(200);
  });
});
