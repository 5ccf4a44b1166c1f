import { parseEnv } from "node:util";
import { decodeJwt, SignJWT } from "jose";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import { chromiumTest, openBrowser, openPage, shoot } from "./support/chromium.ts";
import { foreignNames, openForeignSite, type ForeignSite } from "./support/foreign-site.ts";
import { startStack, type TestStack } from "./support/stack.ts";

/** A browser on a busy machine takes its time. */
const browserMs = 240_000;
const sql = "SELECT TOP 3 CustomerKey FROM Customers ORDER BY CustomerKey";
/** Somebody else's page: it knows the engine's address, a run and a token, and takes the client from the engine. */
const html = `<!doctype html>
<meta charset="utf-8" />
<title>Report</title>
<h1>Report</h1>
<p id="status"></p>
<ol id="rows"></ol>
<script type="module">
  globalThis.show = async ({ edge, id, token }) => {
    const { createClient } = await import(edge + "/client/sqe.js");
    globalThis.sqe = createClient({ url: edge, token });
    globalThis.run = await sqe.open(id);
    for await (const { status } of run.watch()) document.querySelector("#status").textContent = status;
    for await (const row of run.rows())
      document.querySelector("#rows").append(Object.assign(document.createElement("li"), { textContent: row.CustomerKey }));
  };
</script>`;

let site: ForeignSite;
let stack: TestStack;
let browser: Browser;

beforeAll(async () => {
  site = await openForeignSite(html);
  const env = { SANDBOX_DURATION_MS: "1500", SQE_ALLOWED_ORIGINS: site.origin("ide.example") };
  [stack, browser] = await Promise.all([startStack(env), openBrowser(foreignNames)]);
});
afterAll(async () => {
  site.close();
  await Promise.all([stack.stop(), browser.close()]);
});

/** What the page's own server does, with a credential that the page never sees. */
async function post<T>(path: string, body: object, credential = stack.tokens.alice): Promise<T> {
  const headers = { authorization: `Bearer ${credential}`, "content-type": "application/json" };
  const answer = await fetch(`${stack.edge}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  // The shapes are DESIGN 9's; what is read of them is asserted.
  return (await answer.json()) as T;
}

const submit = async () => (await post<{ id: string }>("/v1/runs", { sql })).id;

async function openForeign(name: string): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  return (await openPage(context, site.origin(name))).page;
}

const show = (page: Page, id: string, token: string) =>
  page.evaluate(`show(${JSON.stringify({ edge: stack.edge, id, token })})`);

/** What the page is told when it tries something. */
const refusalOf = (page: Page, what: string) =>
  page.evaluate(
    `(${what}).then(() => "let in", ({ status, code, name }) => status === undefined ? name : status + " " + code)`,
  );

describe("a page of somebody else's, on an origin that is allowed, with a token for one run", () => {
  chromiumTest(
    "follows the run, shows its rows, and is refused everything else",
    async () => {
      const [mine, other] = [await submit(), await submit()];
      const { token } = await post<{ token: string }>("/v1/tokens", { runId: mine });
      const page = await openForeign("ide.example");
      await show(page, mine, token);
      await shoot(page, "foreign-page");
      expect(await page.locator("#status").textContent()).toBe("ready");
      expect(await page.locator("#rows li").allTextContents()).toEqual(["CK-000001", "CK-000004", "CK-000007"]);
      for (const what of [
        `sqe.open("${other}")`,
        `sqe.runs()`,
        `sqe.me()`,
        `sqe.run("SELECT 1 AS A")`,
        `run.cancel()`,
        `run.discard()`,
        `sqe.check("SELECT 1 AS A")`,
        `sqe.tables()`,
        `sqe.createToken()`,
        `sqe.createKey({ name: "x" })`,
        `sqe.members()`,
      ])
        expect([what, await refusalOf(page, what)]).toEqual([what, "403 FORBIDDEN"]);
    },
    browserMs,
  );

  chromiumTest(
    "with narrow scopes for all runs, reads each of them and does nothing",
    async () => {
      const [one, other] = [await submit(), await submit()];
      const { token } = await post<{ token: string }>("/v1/tokens", { scopes: ["runs:read"] });
      const page = await openForeign("ide.example");
      await show(page, one, token);
      expect(await refusalOf(page, `sqe.open("${other}")`)).toBe("let in");
      for (const what of [`run.cancel()`, `sqe.run("SELECT 1 AS A")`, `sqe.tables()`])
        expect([what, await refusalOf(page, what)]).toEqual([what, "403 FORBIDDEN"]);
    },
    browserMs,
  );

  chromiumTest(
    "is refused after the token's end, and sees nothing with the cookies of the browser",
    async () => {
      const id = await submit();
      const { JWT_SECRET: secret } = parseEnv(await readEnvironment(stack.dir, "worker"));
      // A token ends with the credential that made it.
      const soon = await new SignJWT({ ...decodeJwt(stack.tokens.alice), exp: Math.floor(Date.now() / 1000) + 12 })
        .setProtectedHeader({ alg: "HS256" })
        .sign(new TextEncoder().encode(secret));
      const { token, expiresAt } = await post<{ token: string; expiresAt: string }>("/v1/tokens", { runId: id }, soon);
      const page = await openForeign("ide.example");
      await show(page, id, token);
      await page.waitForTimeout(Date.parse(expiresAt) - Date.now() + 1000);
      for (const what of [`sqe.open("${id}")`, `run.page(2)`])
        expect([what, await refusalOf(page, what)]).toEqual([what, "401 UNAUTHENTICATED"]);
      expect(await refusalOf(page, `fetch("${stack.edge}/v1/me", { credentials: "include" })`)).toBe("TypeError");
    },
    browserMs,
  );
});

chromiumTest(
  "a page on an origin that is not on the list gets nothing, whatever token it holds",
  async () => {
    const id = await submit();
    const { token } = await post<{ token: string }>("/v1/tokens", { runId: id });
    const page = await openForeign("other.example");
    const headers = JSON.stringify({ authorization: `Bearer ${token}` });
    const paths = [`/v1/runs/${id}`, `/v1/runs/${id}/results?page=1`, `/v1/runs/${id}/events`];
    for (const path of paths)
      expect([path, await refusalOf(page, `fetch("${stack.edge}${path}", { headers: ${headers} })`)]).toEqual([
        path,
        "TypeError",
      ]);
    // Without a question first a browser sends no token, and hides the answer.
    const blind = `fetch("${stack.edge}/v1/runs/${id}", { mode: "no-cors" }).then(async (it) => [it.type, await it.text()])`;
    expect(await page.evaluate(blind)).toEqual(["opaque", ""]);
  },
  browserMs,
);
