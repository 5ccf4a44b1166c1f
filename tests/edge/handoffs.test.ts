import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/worker/app.ts";
import { admin } from "./support/admin.ts";
import { bodyOf } from "./support/api.ts";
import { ann, ben, Browser } from "./support/browser.ts";
import { rowsAsOwner } from "./support/owner.ts";

type Handoff = { id: string; secret: string; userCode: string; verificationUrl: string };
type Told = { status: string; key: string; keyId: string; mid: number };

const open = async (kind: "frame" | "cli") => {
  const answer = await new Browser().send("/auth/handoffs", { kind });
  expect(answer.status).toBe(201);
  return answer.json<Handoff>();
};
const poll = ({ id, secret }: Handoff, browser = new Browser()) => browser.send(`/auth/handoffs/${id}`, { secret });
const decide = ({ id }: Handoff, browser: Browser, confirm: "yes" | "no") =>
  browser.send(`/auth/handoffs/${id}/decision`, { confirm });
const signedIn = async (as = ann) => {
  const browser = new Browser();
  await browser.signIn(as);
  return browser;
};
const over = [410, "HANDOFF_OVER"];

/** The entries of the audit log that name the key of a command line, or say that one was signed in. */
async function entriesOf(keyId: string): Promise<unknown[]> {
  const entries = await rowsAsOwner(
    "select action from sqe.audit_log where detail->>'key' = $1 or detail->>'by' = 'cli' order by action",
    [keyId],
  );
  return entries.map(({ action }) => action);
}
const refusalOf = async (answer: Response) => [answer.status, (await bodyOf(answer)).code];

it("the page that asks to confirm is framed by nobody, whoever may frame the others", async () => {
  const tab = await signedIn();
  const { verificationUrl } = await open("frame");
  const variables = { ...env, SQE_FRAME_ANCESTORS: "https://mc.example" };
  const headers = { cookie: `__Host-sqe=${tab.cookies.get("__Host-sqe")}` };
  const policyOf = async (url: string) =>
    (await app.request(url, { headers }, variables, createExecutionContext())).headers.get("content-security-policy");
  expect(await policyOf(verificationUrl)).toContain("frame-ancestors 'none'");
  expect(await policyOf(new URL("/auth/account", verificationUrl).href)).toContain("https://mc.example");
});

describe("a hand-off", () => {
  it("gives a frame the session of whoever confirms the code, once", async () => {
    const handoff = await open("frame");
    const { pathname, search } = new URL(handoff.verificationUrl);
    const tab = new Browser();
    const early = await tab.ask(pathname + search);
    expect(early.headers.get("location")).toBe(`/auth/login?return=${encodeURIComponent(pathname + search)}`);
    await tab.signIn(ben);
    const page = await tab.ask(pathname + search);
    expect(await page.text()).toContain(handoff.userCode);
    expect((await poll(handoff)).status).toBe(202);
    expect(await (await decide(handoff, tab, "yes")).json()).toEqual({ next: "/auth/confirmed" });
    const frame = new Browser();
    expect(await (await poll(handoff, frame)).json()).toEqual({ status: "signed-in", mid: 7000011 });
    expect((await frame.ask("/v1/me")).status).toBe(200);
    expect(await refusalOf(await poll(handoff))).toEqual(over);
    expect((await tab.ask(pathname + search)).status).toBe(410);
  });

  it("gives a command line a key of that person, which writes into tables and is no model's", async () => {
    const handoff = await open("cli");
    await decide(handoff, await signedIn(), "yes");
    const before = await entriesOf("");
    const { key, keyId, mid } = await (await poll(handoff)).json<Told>();
    expect(mid).toBe(7000001);
    await expect.poll(() => entriesOf(keyId)).toEqual(["key-created", ...before, "sign-in"]);
    const me = await new Browser().ask("/v1/me", { headers: { authorization: `Bearer ${key}` } });
    expect(await me.json()).toMatchObject({
      user: { id: "7000091" },
      scopes: ["runs:read", "runs:write", "runs:target", "tables:read"],
    });
    const tables = await new Browser().ask("/v1/tables", { headers: { authorization: `Bearer ${key}` } });
    expect(tables.status).toBe(200);
  });

  it("that is denied, is too old, or whose person was switched off gives nothing", async () => {
    const denied = await open("frame");
    await decide(denied, await signedIn(), "no");
    expect(await refusalOf(await poll(denied))).toEqual(over);
    const old = await open("frame");
    await admin("update sqe.handoffs set expires_at = now() where id = $1", [old.id]);
    expect(await refusalOf(await decide(old, await signedIn(), "yes"))).toEqual(over);
    expect(await refusalOf(await poll(old))).toEqual(over);
    const gone = await open("cli");
    await decide(gone, await signedIn(ben), "yes");
    await admin("update sqe.users set active = false where user_id = $1", ["7000092"]);
    expect(await refusalOf(await poll(gone))).toEqual(over);
    await admin("update sqe.users set active = true where user_id = $1", ["7000092"]);
  });

  it("is told to the holder of its secret alone, at most five times a minute", async () => {
    const handoff = await open("frame");
    expect(await refusalOf(await poll({ ...handoff, secret: "another" }))).toEqual([404, "NOT_FOUND"]);
    expect(await refusalOf(await poll({ ...handoff, id: "x" }))).toEqual([404, "NOT_FOUND"]);
    for (let n = 0; n < 5; n += 1) expect((await poll(handoff)).status).toBe(202);
    expect(await refusalOf(await poll(handoff))).toEqual([429, "RATE_LIMITED"]);
  });

  it("signs nobody in for a page of another site, which could make its visitor somebody else", async () => {
    const handoff = await open("frame");
    await decide(handoff, await signedIn(), "yes");
    const visitor = new Browser();
    // A form of another site, which the browser follows with its cookies: JSON with a name twice, around the sign of equality.
    const body = `{"secret":"x=y","secret":"${handoff.secret}"}\r\n`;
    const from = (headers: Record<string, string>) =>
      visitor.ask(`/auth/handoffs/${handoff.id}`, { method: "POST", body, headers });
    for (const headers of [
      { "content-type": "text/plain", origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { "content-type": "text/plain", origin: "null" },
      { "content-type": "text/plain", "sec-fetch-site": "same-site" },
    ])
      expect((await from(headers)).status).toBe(403);
    expect(visitor.cookies.size).toBe(0);
    expect((await poll(handoff)).status).toBe(200);
  });

  it("is decided by pages of ours alone, and by people who are signed in", async () => {
    const handoff = await open("frame");
    expect((await decide(handoff, new Browser(), "yes")).status).toBe(401);
    const tab = await signedIn();
    const path = `/auth/handoffs/${handoff.id}/decision`;
    const cross = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    expect((await tab.send(path, { confirm: "yes" }, cross)).status).toBe(403);
    expect((await poll(handoff)).status).toBe(202);
  });
});
