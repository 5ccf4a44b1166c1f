import { describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { copied, expectNoComplaints, openConsole } from "./support/console.ts";
import { openSettings, signInAsAnn } from "./support/console-person.ts";
import { useSharedStack } from "./support/share-stack.ts";

const stack = useSharedStack();
const chromium = useBrowser();
const drafts = "Object.keys(localStorage).filter((key) => key.startsWith('sqe.draft'))";

describe("a person in the console", () => {
  chromiumTest(
    "signs in, sees rows, works in another business unit and back, and leaves nothing at sign-out",
    async () => {
      const own = await openConsole(chromium(), `${stack.edge}/`);
      const { page } = own;
      await page.getByRole("button", { name: "Continue to Marketing Cloud" }).waitFor();
      await own.audit("signed out");
      await own.picture("sign-in");
      await signInAsAnn(page);
      await page.getByRole("treeitem", { name: "Customers" }).waitFor();
      expect(new URL(page.url()).pathname).toBe("/");
      await own.write("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
      await own.runToRows();

      await page.getByRole("button", { name: /7000001: work in another one/ }).click();
      await page.getByRole("menuitem", { name: "Another one, by its MID" }).click();
      await page.getByLabel("MID of the business unit").fill("8000001");
      await page.getByRole("button", { name: "Go there" }).click();
      await page.getByText("does not let you into business unit 8000001").waitFor();
      await own.audit("another unit");
      await own.picture("unit");
      await page.getByLabel("MID of the business unit").fill("7000012");
      await page.getByRole("button", { name: "Go there" }).click();
      await page.getByRole("button", { name: /7000012: work in another one/ }).waitFor();
      expect(await page.locator(".cm-content").innerText()).not.toContain("CustomerKey");
      await own.write("SELECT 12 AS Unit");
      await page.getByRole("button", { name: /7000012: work in another one/ }).click();
      await page.getByRole("menuitem", { name: "7000001" }).click();
      await page.getByRole("button", { name: /7000001: work in another one/ }).waitFor();
      await page.getByRole("gridcell", { name: "CK-000004" }).waitFor();
      expect(await page.locator(".cm-content").innerText()).toContain("CustomerKey");
      expect(await page.evaluate(drafts)).toHaveLength(2);

      await openSettings(page, "API keys");
      await page.getByLabel("Name of the key").fill("Nightly report");
      await own.audit("keys");
      await page.getByRole("button", { name: "Make a key" }).click();
      const key = await page.locator("code", { hasText: /^sqe_/ }).innerText();
      await page.getByRole("button", { name: "Copy the key" }).click();
      expect(await copied(page)).toBe(key);
      await own.audit("key made");
      await own.picture("key-made");
      const asKey = async () =>
        (await fetch(`${stack.edge}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;
      expect(await asKey()).toBe(200);
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("button", { name: "Revoke", exact: true }).first().click();
      await page.getByRole("button", { name: "Revoke for good" }).click();
      await page.getByRole("cell", { name: /Nightly report/ }).waitFor({ state: "detached" });
      await expect.poll(asKey, { timeout: 40_000 }).toBe(401);
      // The button that had the focus is gone; the window takes it back a moment later.
      await expect.poll(() => page.evaluate("document.activeElement === document.body")).toBe(false);
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: "Account of Ann Alvarez" }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Continue to Marketing Cloud" }).waitFor();
      expect(await page.evaluate(drafts)).toEqual([]);
      expect(await page.evaluate("fetch('/v1/me').then((answer) => answer.status)")).toBe(401);
      expect(await page.getByLabel("Your Marketing Cloud subdomain or its address").inputValue()).toBe(
        "mcsandbox-enterprise-a000001",
      );
      expectNoComplaints(own);
    },
    browserMs,
  );
});
