import { describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { textIn } from "./support/console-menus.ts";
import { copied, expectNoComplaints, openConsole, openSignedIn, type WindowOptions } from "./support/console.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();

const opened = (options: WindowOptions = {}) => openSignedIn(chromium(), stack.edge, options);

describe("the console's tabs", () => {
  chromiumTest(
    "move by pointer and by keys, and a link opens a query in another browser",
    async () => {
      const own = await opened();
      const { page } = own;
      const names = () => page.getByRole("tab").allInnerTexts();
      await own.write("SELECT 1 AS One");
      await page.keyboard.press("Alt+n");
      await own.write("SELECT 2 AS Two -- ü");
      await page.keyboard.press("Alt+n");
      expect(await names()).toEqual(["Query 1", "Query 2", "Query 3"]);
      await page.getByRole("tab", { name: "Query 3" }).dragTo(page.getByRole("tab", { name: "Query 1" }));
      expect(await names()).toEqual(["Query 3", "Query 1", "Query 2"]);
      await page.getByRole("tab", { name: "Query 3" }).focus();
      await page.keyboard.press("Shift+Alt+ArrowRight");
      await page.keyboard.press("Shift+Alt+ArrowRight");
      expect(await names()).toEqual(["Query 1", "Query 2", "Query 3"]);
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("tab", { name: "Query 2", selected: true }).waitFor();
      await page.getByRole("button", { name: "What to do with Query 2" }).click();
      await page.getByRole("menuitem", { name: "Copy a link to this query" }).click();
      await page.getByText("Link copied.").waitFor();
      const link = await copied(page);
      expect(link).not.toContain("Two");
      const asked: string[] = [];
      const other = await openConsole(chromium(), link);
      other.page.on("request", (request) => asked.push(request.url()));
      await other.page.getByRole("button", { name: "Try it with the sandbox" }).click();
      await expect.poll(() => textIn(other.page)).toBe("SELECT 2 AS Two -- ü");
      expect(asked.filter((url) => url.includes("sql="))).toEqual([]);
      expectNoComplaints(own);
      expectNoComplaints(other);
    },
    browserMs,
  );

  chromiumTest(
    "are the same in two windows, and of a text that is changed in both at once both are kept",
    async () => {
      const one = await opened();
      await one.write("SELECT 1 AS First");
      await one.page.waitForTimeout(600);
      const two = await opened({ context: one.page.context() });
      await expect.poll(() => textIn(two.page)).toBe("SELECT 1 AS First");
      await one.type(" -- one");
      await expect.poll(() => textIn(two.page)).toBe("SELECT 1 AS First -- one");
      await two.type(", two");
      await expect.poll(() => textIn(one.page)).toBe("SELECT 1 AS First -- one, two");
      // Both before either could write.
      await Promise.all([one.write("SELECT 1 AS Mine"), two.write("SELECT 1 AS Theirs")]);
      const said = /Another window has changed “Query 1”, too/;
      await expect
        .poll(async () => (await one.page.getByText(said).count()) + (await two.page.getByText(said).count()))
        .toBe(1);
      await one.page.reload();
      await one.page.getByRole("tab", { name: "Query 1 (2)" }).waitFor();
      const texts: string[] = [];
      for (const name of ["Query 1", "Query 1 (2)"]) {
        await one.page.getByRole("tab", { name, exact: true }).click();
        texts.push(await textIn(one.page));
      }
      expect(texts.sort()).toEqual(["SELECT 1 AS Mine", "SELECT 1 AS Theirs"]);
      expectNoComplaints(one);
      expectNoComplaints(two);
    },
    browserMs,
  );
});

describe("the console's rows", () => {
  chromiumTest(
    "are counted on demand, get a WHERE, come a page ahead, and are copied as Markdown",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT * FROM [Big List]");
      await own.runToRows();
      await page.getByText("First 2,500 rows; there are more").waitFor();
      await own.picture("truncated");
      const pages: string[] = [];
      page.on("request", (request) => pages.push(new URL(request.url()).search));
      await page.getByRole("grid").focus();
      await page.keyboard.press("Control+ArrowDown");
      await expect.poll(() => pages).toContain("?page=2");
      await page.getByRole("rowheader", { name: "1", exact: true }).click();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Copy as Markdown" }).click();
      expect(await copied(page)).toMatch(/^\| \w+.*\|\n\|.* ---.*\|\n\| .*\|$/);
      await page.getByRole("button", { name: "Count all" }).click();
      await page.getByText("2,500 of 100,000 rows").waitFor();
      await page.getByRole("button", { name: "Add a WHERE" }).click();
      expect(await textIn(page)).toBe("SELECT * FROM [Big List]\nWHERE ");
      await page.locator(".cm-tooltip-autocomplete li").first().waitFor();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "show moments as stored, in UTC or in one's own time, where the zone is proved",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT TOP 1 EventDate FROM _Sent ORDER BY EventDate DESC");
      await own.runToRows();
      const cell = page.getByRole("gridcell").first();
      const stored = await cell.innerText();
      await page.getByLabel("How to show times").selectOption("UTC");
      expect(Date.parse(`${await cell.innerText()}Z`) - Date.parse(`${stored}Z`)).toBe(6 * 3_600_000);
      await page.getByLabel("How to show times").selectOption("As stored");
      await own.write("SELECT TOP 1 CustomerKey FROM Customers");
      await own.runToRows();
      expect(await page.getByLabel("How to show times").count()).toBe(0);
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "are reached from the sign-in by keys alone, and a cell is copied",
    async () => {
      const own = await openConsole(chromium(), `${stack.edge}/`);
      const { page } = own;
      const sandbox = page.getByRole("button", { name: "Try it with the sandbox" });
      await sandbox.waitFor();
      for (let step = 0; step < 9 && !(await sandbox.evaluate((it) => it.matches(":focus"))); step += 1)
        await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator(".cm-content").waitFor();
      const isInEditor = () => page.evaluate<boolean>("document.activeElement.shadowRoot !== null");
      for (let step = 0; step < 4 && !(await isInEditor()); step += 1) await page.keyboard.press("F6");
      await page.keyboard.type("SELECT TOP 2 CustomerKey, Country FROM Customers ORDER BY CustomerKey", { delay: 10 });
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("gridcell").first().waitFor();
      await page.keyboard.press("F6");
      for (const key of ["ArrowDown", "ArrowUp", "ArrowDown", "Control+c"]) await page.keyboard.press(key);
      expect(await copied(page)).toBe("CK-000004");
      expectNoComplaints(own);
    },
    browserMs,
  );
});
