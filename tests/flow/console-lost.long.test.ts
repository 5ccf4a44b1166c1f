import { describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { expectNoComplaints, openConsole } from "./support/console.ts";
import { signInAsAnn, signInBesideAsAnn } from "./support/console-person.ts";
import { look } from "./support/look.ts";
import { openSandboxDoor } from "./support/sandbox.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();

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
      await signInBesideAsAnn(page);
      await page.getByRole("gridcell", { name: "CK-000004" }).waitFor();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "whose session ends while a query runs sees its rows after signing in",
    async () => {
      const own = await openConsole(chromium(), `${stack.edge}/`);
      const { page } = own;
      const sandbox = openSandboxDoor(stack.sandbox);
      await signInAsAnn(page);
      await sandbox.behave({ durationMs: 600_000 });
      await own.write("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
      await page.keyboard.press("Control+Enter");
      await own.status("Running in Marketing Cloud");
      await page.context().clearCookies();
      // The next stream needs a session.
      await page.context().setOffline(true);
      await page.getByText("Connection lost, reconnecting").waitFor();
      await page.context().setOffline(false);
      await page.getByRole("heading", { name: "Please sign in again" }).waitFor();
      await look(own, "signed-out");
      await signInBesideAsAnn(page);
      await sandbox.ask("clock", { advanceMs: 600_000 });
      await own.status("Done");
      await page.getByRole("gridcell", { name: "CK-000004" }).waitFor();
      await sandbox.behave({ durationMs: 300 });
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
