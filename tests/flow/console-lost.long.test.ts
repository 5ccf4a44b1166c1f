import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
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
});
