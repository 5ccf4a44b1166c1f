import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { freePort } from "../../dev/stack/ports.ts";
import { openCheckout, type Checkout } from "./support/checkout.ts";
import { chromiumTest, openBrowser, openPage } from "./support/chromium.ts";
import { allowAsAnn } from "./support/console-person.ts";
import { useStack } from "./support/share-stack.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
let checkout: Checkout;
let browser: Browser | undefined;
beforeAll(async () => {
  checkout = await openCheckout(project);
  browser = await openBrowser().catch(() => undefined);
});
afterAll(async () => {
  await browser?.close();
  await checkout.close();
});

/** Changes a file of the checkout as an editor does. */
function edit(path: string, from: string, to: string): void {
  const file = join(checkout.dir, path);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

const browserMs = 180_000;

chromiumTest(
  "npm run dev:console signs in, shows changed words and styles without a reload, and ends by Ctrl-C with 0",
  async () => {
    if (browser === undefined) throw new Error("Chromium did not start");
    const port = await freePort();
    const { child, said } = checkout.start(`SQE_DEV_DIR=${stack.dir} CONSOLE_PORT=${port} exec npm run dev:console`);
    await expect.poll(said, { timeout: 60_000 }).toMatch(`Console  http://127.0.0.1:${port}/\n`);
    const { page, complaints } = await openPage(browser, `http://127.0.0.1:${port}/`);
    const subdomain = page.getByLabel("Your Marketing Cloud subdomain or its address");
    await subdomain.fill("mcsandbox-enterprise-a000001");
    await page.evaluate("globalThis.isSame = true");

    for (const [from, to] of [
      ["Continue to Marketing Cloud", "Go to Marketing Cloud"],
      ["Go to Marketing Cloud", "On to Marketing Cloud"],
    ] as const) {
      edit("console/words/en/page.ts", from, to);
      await page.getByRole("button", { name: to }).waitFor();
    }
    edit("console/session/sign-in.module.css", "font-size: 20px", "font-size: 31px");
    const size = "getComputedStyle(document.querySelector('h1')).fontSize";
    await expect.poll(() => page.evaluate(size)).toBe("31px");
    expect(await page.evaluate("globalThis.isSame")).toBe(true);
    expect(await subdomain.inputValue()).toBe("mcsandbox-enterprise-a000001");

    await page.getByRole("button", { name: "On to Marketing Cloud" }).click();
    await allowAsAnn(page);
    await page.getByRole("treeitem", { name: "Customers" }).waitFor();
    expect(new URL(page.url()).port).toBe(String(port));
    await page.getByRole("button", { name: "Account of Ann Alvarez" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await subdomain.waitFor();
    expect(complaints()).toEqual([]);

    // What a terminal does on Ctrl-C: every process of the line gets it.
    process.kill(-(child.pid ?? expect.unreachable()), "SIGINT");
    expect(await once(child, "close")).toEqual([0, null]);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
  },
  browserMs,
);
