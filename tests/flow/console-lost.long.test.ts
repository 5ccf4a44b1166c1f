import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { chromiumTest, openBrowser } from "./support/chromium.ts";
import { expectNoComplaints, openConsole } from "./support/console.ts";
import { allowAsAnn, signInAsAnn } from "./support/console-person.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser().catch(() => undefined);
});
afterAll(() => browser?.close());

function chromium(): Browser {
  if (browser === undefined) throw new Error("Chromium did not start");
  return browser;
}

const browserMs = 120_000;

describe("a person in the console", () => {
  chromiumTest(
    "whose session ends signs in beside, and goes on in the page as it was",
    async () => {
      const own = await openConsole(chromium(), `${stack.edge}/`);
      const { page } = own;
      await signInAsAnn(page);
      await page.getByRole("treeitem", { name: "Customers" }).waitFor();
      await own.write("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
      await own.runToRows();
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Recent runs" }).click();
      await page.getByRole("heading", { name: "Please sign in again" }).waitFor();
      await own.audit("lost");
      await own.picture("lost");
      const beside = page.context().waitForEvent("page");
      await page.getByRole("button", { name: "Continue to Marketing Cloud" }).click();
      const other = await beside;
      await allowAsAnn(other);
      await other.getByText("Close this window").waitFor();
      await other.close();
      await page.getByRole("heading", { name: "Please sign in again" }).waitFor({ state: "detached" });
      await page.getByRole("gridcell", { name: "CK-000004" }).waitFor();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "has the same business unit in all windows, and is signed out of all at once",
    async () => {
      const own = await openConsole(chromium(), `${stack.edge}/`);
      await signInAsAnn(own.page);
      const other = await openConsole(chromium(), `${stack.edge}/`, { context: own.page.context() });
      const unit = (mid: number) => new RegExp(`${mid}: work in another one`);
      await other.page.getByRole("button", { name: unit(7000001) }).click();
      await other.page.getByRole("menuitem", { name: "Another one, by its MID" }).click();
      await other.page.getByLabel("MID of the business unit").fill("7000011");
      await other.page.getByRole("button", { name: "Go there" }).click();
      await other.page.getByRole("button", { name: unit(7000011) }).waitFor();
      await own.page.getByRole("button", { name: unit(7000011) }).waitFor();
      await own.write("SELECT 1 AS Mine");
      await other.page.getByRole("button", { name: "Account of Ann Alvarez" }).click();
      await other.page.getByRole("menuitem", { name: "Sign out" }).click();
      await own.page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
      const drafts = "Object.keys(localStorage).filter((key) => key.startsWith('sqe.draft'))";
      expect(await own.page.evaluate(drafts)).toEqual([]);
      expectNoComplaints(own);
    },
    browserMs,
  );
});
