import { describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { complete, openFromMore, textIn } from "./support/console-menus.ts";
import { copied, expectNoComplaints, openSignedIn } from "./support/console.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();

const opened = () => openSignedIn(chromium(), stack.edge);

describe("the console's editor", () => {
  chromiumTest(
    "completes names with blanks, the ON of a join, columns of a query in FROM, and functions",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT TOP 3 * FROM ");
      await own.type("[Order It");
      await complete(page, "Order Items & More");
      expect(await textIn(page)).toBe("SELECT TOP 3 * FROM [Order Items & More - 2024]");
      await own.write("SELECT c.FirstName FROM Customers c JOIN Orders o ");
      await own.type("ON ");
      await complete(page, "o.CustomerKey = c.CustomerKey");
      expect(await textIn(page)).toContain("JOIN Orders o ON o.CustomerKey = c.CustomerKey");
      await own.write("SELECT FROM (SELECT CustomerKey AS Who FROM Customers) x");
      await page.keyboard.press("Home");
      for (let step = 0; step < 6; step += 1) await page.keyboard.press("ArrowRight");
      await page.keyboard.type(" x.W");
      await complete(page, "Who");
      await page.keyboard.type(", LEF");
      const docs = page.locator(".cm-completionInfo", { hasText: "LEFT(text, count)" });
      await docs.waitFor();
      // Not as a keyword besides.
      expect(await page.locator(".cm-completionLabel", { hasText: /^LEFT$/ }).count()).toBe(1);
      await own.picture("completion");
      await complete(page, /^LEFT/);
      expect(await textIn(page)).toContain("SELECT x.Who, LEFT(text, count) FROM");
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "formats, comments, finds, and runs what is selected",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("select top 2 CustomerKey from Customers where IsVIP = 1");
      await page.keyboard.press("Shift+Alt+F");
      await expect.poll(() => textIn(page)).toMatch(/^SELECT\n?.*TOP[^]*\nFROM\n\s+Customers\nWHERE/);
      await page.keyboard.press("Control+/");
      expect(await textIn(page)).toContain("-- ");
      await page.keyboard.press("Control+f");
      await page.locator(".cm-search").waitFor();
      await page.keyboard.press("Escape");
      await own.write("SELECT TOP 9 CustomerKey FROM Customers;\nSELECT TOP 3 CustomerKey FROM Customers");
      await page.keyboard.press("Control+End");
      await page.keyboard.press("Shift+Home");
      await page.getByRole("button", { name: "Run selection" }).waitFor();
      await own.runToRows();
      expect(await page.locator("section[aria-label=Result]").innerText()).toContain("3 rows · 1 column");
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "asks for the values of @names, and runs with them",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT TOP 4 CustomerKey, Country FROM Customers WHERE Country = @country AND IsVIP = @vip");
      const value = (name: string) => page.getByLabel(`Value of @${name}`);
      await value("country").fill("DE");
      await page.getByLabel("Type of @vip").selectOption("boolean");
      await value("vip").fill("yes");
      await own.audit("parameters");
      await own.picture("parameters");
      await own.runToRows();
      await page.getByRole("gridcell", { name: "DE" }).first().waitFor();
      await value("country").fill("??");
      await page.keyboard.press("Control+Enter");
      await page.getByText("No rows. The query ran and found nothing.").waitFor();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "shows what Marketing Cloud runs, copies it for Automation Studio, and opens a Query Activity and a former run",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT TOP 7 * FROM Customers ORDER BY CustomerKey");
      await own.runToRows();
      await openFromMore(page, /What Marketing Cloud runs/);
      await page.getByRole("heading", { name: "For Automation Studio" }).waitFor();
      await own.audit("texts");
      await own.picture("texts");
      await page.getByRole("button", { name: "Copy for Automation Studio" }).click();
      expect(await copied(page)).toMatch(/^SELECT TOP 7 .*CustomerKey.* FROM Customers/s);
      await page.keyboard.press("Escape");
      await openFromMore(page, /Open a Query Activity/);
      await page.getByRole("searchbox", { name: "Search by name" }).fill("Buyers");
      await page.getByRole("button", { name: /Query New VIPs/ }).waitFor({ state: "detached" });
      await own.audit("activities");
      await page.getByRole("button", { name: /Query Buyers/ }).click();
      await page.getByRole("tab", { name: "Query Buyers", selected: true }).waitFor();
      expect(await textIn(page)).toContain("SUM(o.Total) AS Revenue");
      await own.runToRows();
      await page.getByRole("button", { name: "Recent runs" }).click();
      const line = page.getByRole("row", { name: /Done.*7 rows/ });
      await line.waitFor();
      await own.audit("recent runs");
      await own.picture("recent-runs");
      await line.getByRole("button", { name: "Open" }).click();
      await page.getByRole("tab", { name: "Query 1", selected: true }).waitFor();
      await page.getByText("7 rows · ").waitFor();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "keeps snippets of one's own over a reload, completes them by name, and deletes them",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("Country = '${DE}' AND IsVIP = 1");
      await openFromMore(page, /Snippets/);
      await page.getByLabel("Save what is in the editor as").fill("german vips");
      await own.audit("snippets");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("button", { name: /^german vips/ }).waitFor();
      await own.picture("snippets");
      await page.reload();
      await page.locator(".cm-content").waitFor();
      await own.write("SELECT TOP 1 CustomerKey FROM Customers WHERE ");
      await own.type("german");
      await complete(page, "german vips");
      expect(await textIn(page)).toContain("WHERE Country = 'DE' AND IsVIP = 1");
      await page.keyboard.type("FR");
      expect(await textIn(page)).toContain("WHERE Country = 'FR' AND IsVIP = 1");
      await openFromMore(page, /Snippets/);
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Delete for good" }).click();
      await page.getByRole("button", { name: /^german vips/ }).waitFor({ state: "detached" });
      expect(await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('snippets'))")).toEqual([]);
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "underlines the place of a failed run, gray once the text has changed, until Marketing Cloud has answered",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT TOP 5 CustomerKey,\n  CAST(FirstName AS int) AS N\nFROM Customers");
      await page.keyboard.press("Control+Enter");
      await own.status("Failed");
      const wrong = page.locator(".cm-lintRange-error");
      await expect.poll(async () => (await wrong.allInnerTexts()).join("")).toBe("CAST(FirstName AS int)");
      await own.audit("failed");
      await own.picture("failed");
      await page.locator("article").getByRole("button", { name: "Line 2" }).click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(" ");
      const gray = page.locator(".cm-unanswered");
      await expect.poll(async () => (await gray.allInnerTexts()).join("")).toBe("CAST(FirstName AS int)");
      expect(await wrong.count()).toBe(0);
      await gray.first().waitFor({ state: "detached" });
      expectNoComplaints(own);
    },
    browserMs,
  );
});
