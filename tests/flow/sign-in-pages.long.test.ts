import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { chromiumTest, openBrowser } from "./support/chromium.ts";
import { expectNoComplaints, openConsole } from "./support/console.ts";
import { allowAsAnn } from "./support/console-person.ts";
import { useSharedStack } from "./support/share-stack.ts";

const stack = useSharedStack();
let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser().catch(() => undefined);
});
afterAll(() => browser?.close());

/** The plain pages that anybody sees. */
const pages = {
  subdomain: ["/auth/login?subdomain=", "Sign in"],
  "tenant-unknown": ["/t/nobody", "Sign in"],
  error: ["/auth/callback?code=x&state=y", "Not signed in"],
  "signed-in-beside": ["/auth/signed-in", "Signed in"],
  "signed-out": ["/auth/signed-out", "Signed out"],
  confirmed: ["/auth/confirmed", "Signed in"],
  denied: ["/auth/denied", "Not signed in"],
} as const;

describe("the plain pages of signing in", () => {
  chromiumTest.for([
    { look: "light", colorScheme: "light" as const },
    { look: "dark", colorScheme: "dark" as const },
    { look: "narrow", width: 360, height: 740 },
  ])("are readable and fit, $look", { timeout: 180_000 }, async ({ look, ...options }) => {
    if (browser === undefined) throw new Error("Chromium did not start");
    const own = await openConsole(browser, `${stack.edge}/auth/login?subdomain=`, options);
    const { page } = own;
    const see = async (name: string, title: string) => {
      await page.getByRole("heading", { name: title, exact: true }).waitFor();
      await own.audit(`${name}, ${look}`);
      await own.picture(`page-${name}-${look}`);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    };
    for (const [name, [path, title]] of Object.entries(pages)) {
      await page.goto(stack.edge + path);
      await see(name, title);
    }
    await page.goto(`${stack.edge}/auth/login?subdomain=mcsandbox-enterprise-a000001&return=/auth/account`);
    await allowAsAnn(page);
    await see("account", "Signed in");
    await page.getByLabel("Another one, by its MID").fill("8000001");
    await page.getByRole("button", { name: "Switch" }).click();
    await page.getByText("does not let you into business unit 8000001").waitFor();
    await see("account-refused", "Signed in");

    const asked = await fetch(`${stack.edge}/auth/handoffs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ kind: "frame" }),
    });
    // As the call's description says.
    const { verificationUrl } = (await asked.json()) as { verificationUrl: string };
    await page.goto(verificationUrl);
    await see("confirm", "Sign in the window?");
    await page.getByRole("button", { name: "No", exact: true }).click();
    await page.getByText("Nobody was let in").waitFor();
    await page.goto(verificationUrl);
    await see("too-late", "Too late");
    expectNoComplaints(own);
  });
});
