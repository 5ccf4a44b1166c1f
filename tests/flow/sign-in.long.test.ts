import { createHash, randomUUID } from "node:crypto";
import { neon, neonConfig } from "@neondatabase/serverless";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { chromiumTest, openBrowser, openPage, shoot } from "./support/chromium.ts";
import { openFraming, type Framing } from "./support/framing.ts";
import { startStack, type TestStack } from "./support/stack.ts";

/** A browser on a busy machine takes its time. */
const browserMs = 240_000;

let framing: Framing;
let stack: TestStack;

beforeAll(async () => {
  framing = await openFraming();
  stack = await startStack({ SANDBOX_DURATION_MS: "300", SQE_FRAME_ANCESTORS: framing.origin });
});
afterAll(async () => {
  framing.close();
  await stack.stop();
});

function admin(statement: string, values: string[] = []) {
  neonConfig.fetchEndpoint = () => stack.neonHttp;
  return neon(stack.neonAdmin).query(statement, values);
}

/** Allows on the sandbox's consent page. */
async function allow(page: Page, person: string, mid: number): Promise<void> {
  await page.getByLabel("Person").selectOption(person);
  await page.getByLabel("Business unit").selectOption(String(mid));
  await page.getByRole("button", { name: "Allow" }).click();
}

const ask = (path: string) => `fetch(${JSON.stringify(path)}).then((answer) => answer.json())`;

describe("in a tab", () => {
  chromiumTest(
    "an enterprise nobody invited stays out; an invited one comes in, and its first person is its administrator",
    async () => {
      await admin("delete from sqe.tenants where eid = 8000001");
      const browser = await openBrowser();
      try {
        const { page, complaints } = await openPage(browser, `${stack.edge}/auth/login?subdomain=`);
        const input = page.getByLabel("Sub-domain");
        await shoot(page, "1-subdomain");
        await input.fill("https://mcsandbox-enterprise-b000001.auth.marketingcloudapis.com/");
        await page.getByRole("button", { name: "Continue to Marketing Cloud" }).click();
        await allow(page, "cleo@enterprise-b.example.com", 8000001);
        await page.getByText("Your enterprise has no access here yet").waitFor();
        await shoot(page, "2-not-invited");
        const [id, secret] = [randomUUID(), "a-secret-of-24-characters"];
        await admin(
          `insert into sqe.invitations (id, secret_hash, tenant_name, makes_administrator, created_by, expires_at)
           values ($1, $2, 'Cloud Kicks', true, 'operator', now() + interval '1 day')`,
          [id, createHash("sha256").update(secret).digest("hex")],
        );
        const invited = `subdomain=mcsandbox-enterprise-b000001&invitation=${id}.${secret}`;
        await page.goto(`${stack.edge}/auth/login?${invited}&return=/auth/account`);
        await allow(page, "cleo@enterprise-b.example.com", 8000001);
        await page.getByText("Cleo Chen (administrator)").waitFor();
        await page.getByText("Cloud Kicks").waitFor();
        await shoot(page, "3-administrator");
        expect(complaints()).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    browserMs,
  );

  chromiumTest(
    "a person signs in, is refused a unit, switches to another, runs there, and signs out",
    async () => {
      const browser = await openBrowser();
      try {
        const { page, complaints } = await openPage(browser, `${stack.edge}/auth/login?return=/auth/account`);
        await allow(page, "ann@enterprise-a.example.com", 7000001);
        await page.getByRole("heading", { name: "Signed in" }).waitFor();
        expect(await page.locator("#mid").textContent()).toBe("7000001");
        await page.getByLabel("Another one, by its MID").fill("8000001");
        await page.getByRole("button", { name: "Switch" }).click();
        await page.getByText("does not let you into business unit 8000001").waitFor();
        await shoot(page, "4-refused-unit");
        await page.getByLabel("Another one, by its MID").fill("7000012");
        await page.getByRole("button", { name: "Switch" }).click();
        await page.locator("#mid", { hasText: "7000012" }).waitFor();
        // Units where the person did work are offered from now on.
        await page.getByRole("button", { name: "7000001" }).waitFor();
        await shoot(page, "5-switched");
        expect(await page.evaluate(ask("/v1/me"))).toMatchObject({
          user: { name: "Ann Alvarez" },
          businessUnit: { mid: 7000012 },
          businessUnits: [{ mid: 7000001 }, { mid: 7000012 }],
        });
        await page.setViewportSize({ width: 360, height: 740 });
        await shoot(page, "6-narrow");
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByRole("heading", { name: "Signed out" }).waitFor();
        await shoot(page, "7-signed-out");
        expect(await page.evaluate(ask("/v1/me"))).toMatchObject({ code: "UNAUTHENTICATED" });
        expect(complaints()).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    browserMs,
  );
});

describe("in a frame of another site", () => {
  chromiumTest(
    "the frame is signed in by a tab that compares its code, keeps the session, and the tab around it cannot use it",
    async () => {
      const browser = await openBrowser();
      try {
        const ours = encodeURIComponent(`${stack.edge}/auth/signed-out`);
        const context = await browser.newContext();
        const { page } = await openPage(context, `${framing.origin}/?frame=${ours}`);
        const frame = page.frames()[1] ?? expect.unreachable();
        await frame.getByText("This browser is signed out.").waitFor();
        const post = (path: string, body: object) =>
          frame.evaluate<Record<string, string>>(
            `fetch(${JSON.stringify(path)}, { method: "POST", headers: { "content-type": "application/json" },
              body: ${JSON.stringify(JSON.stringify(body))} }).then((answer) => answer.json())`,
          );
        const { id, secret, userCode, verificationUrl = "" } = await post("/auth/handoffs", { kind: "frame" });
        expect(await post(`/auth/handoffs/${id}`, { secret })).toEqual({ status: "pending" });

        // A tab of its own, as the frame would open it: Marketing Cloud's page cannot be framed.
        const tab = await context.newPage();
        await tab.goto(verificationUrl);
        await allow(tab, "ben@enterprise-a.example.com", 7000011);
        expect(await tab.locator("#code").textContent()).toBe(userCode);
        await shoot(tab, "8-confirm");
        await tab.getByRole("button", { name: "Yes, the codes are the same" }).click();
        await tab.getByRole("heading", { name: "Signed in" }).waitFor();
        await shoot(tab, "9-confirmed");

        expect(await post(`/auth/handoffs/${id}`, { secret })).toEqual({ status: "signed-in", mid: 7000011 });
        expect(await frame.evaluate(ask("/v1/me"))).toMatchObject({ user: { name: "Ben Baker" } });
        await page.reload();
        const again = page.frames()[1] ?? expect.unreachable();
        await again.getByText("This browser is signed out.").waitFor();
        expect(await again.evaluate(ask("/v1/me"))).toMatchObject({ user: { name: "Ben Baker" } });
        // The page around it is another site's: no answer of ours is for it, with cookies or without.
        const outside = `fetch("${stack.edge}/v1/me", { credentials: "include" }).then((it) => it.status, () => "refused")`;
        expect(await page.evaluate(outside)).toBe("refused");
        // The confirmation itself is never shown in a frame: somebody could be made to press the button.
        const answer = await fetch(verificationUrl, { redirect: "manual" });
        expect(answer.status).toBe(302);
      } finally {
        await browser.close();
      }
    },
    browserMs,
  );
});
