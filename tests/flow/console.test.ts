import { describe, expect, it } from "vitest";
import { browserMs, chromiumTest, longChromiumTest, useBrowser } from "./support/chromium.ts";
import { copied, expectNoComplaints, openConsole, openSignedIn } from "./support/console.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();

describe("the console's addresses", () => {
  it.each(["/", "/runs/r1", "/settings"])("%s is the page, with the policy", async (path) => {
    const answer = await fetch(stack.edge + path);
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      expect.stringContaining("text/html"),
      expect.stringContaining('<div id="root">'),
    ]);
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'.*trusted-types 'none'$/);
  });

  it("/auth/sandbox gives a token to pages of this machine only", async () => {
    const answer = await fetch(`${stack.edge}/auth/sandbox`, { method: "POST" });
    expect(await answer.json()).toEqual({ token: stack.tokens.alice });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("the console", () => {
  chromiumTest(
    "takes a newcomer from one click over completion, a fix and a run to rows, without a complaint",
    async () => {
      const own = await openConsole(chromium(), `${stack.edge}/`);
      const { page } = own;
      await page.getByRole("button", { name: "Try it with the sandbox" }).waitFor();
      await own.audit("signed out");
      await page.getByRole("button", { name: "Try it with the sandbox" }).click();
      await page.getByRole("treeitem", { name: "Customers" }).waitFor();
      await own.audit("nothing yet");

      await own.type("SELECT TOP 120 c.CustomerKey, c.FirstNme, c.Balance\nFROM Cust");
      await page.locator(".cm-completionLabel", { hasText: "Customers" }).waitFor();
      await page.keyboard.press("Enter");
      await own.type(" c");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "1 error" }).waitFor();
      await page.keyboard.press("F8");
      await page.keyboard.press("Control+.");
      await page.getByRole("button", { name: "3 columns" }).waitFor();
      expect(await page.locator(".cm-content").innerText()).toContain("c.FirstName");
      await own.audit("typed");
      await own.runToRows();
      await own.audit("rows");
      expect(await page.getByRole("gridcell").first().innerText()).toBe("CK-000001");
      expect(await page.locator("section[aria-label=Result]").innerText()).toContain("120 rows · 3 columns");
      expectNoComplaints(own);
    },
    browserMs,
  );

  longChromiumTest(
    "moves, selects and copies by keys, turns pages, sorts and finds over all rows",
    async () => {
      const own = await openSignedIn(chromium(), stack.edge);
      const { page } = own;
      await own.write("SELECT TOP 120 CustomerKey, Balance, Phone FROM Customers ORDER BY CustomerKey");
      await own.runToRows();
      const grid = page.getByRole("grid");
      await grid.focus();
      for (const key of ["Shift+ArrowDown", "Shift+End"]) await page.keyboard.press(key);
      await page.keyboard.press("Control+c");
      expect(await copied(page)).toBe("CK-000001\t4634.95\t15550207045\nCK-000004\t722.55\t");
      await page.keyboard.press("Control+Shift+c");
      expect(await copied(page)).toMatch(/^CustomerKey\tBalance\tPhone\nCK-000001\t/);
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Copy as IN (…) list" }).click();
      expect(await copied(page)).toBe("IN ('CK-000001', 'CK-000004', 4634.95, 722.55, '15550207045')");

      await grid.focus();
      await page.keyboard.press("Alt+ArrowRight");
      await page.getByText("2 / 3", { exact: true }).waitFor();
      await expect.poll(() => page.getByRole("rowheader").first().innerText()).toBe("51");
      await page.keyboard.press("Home");
      for (let row = 0; row < 60; row += 1) await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");
      await page.getByText("Sorted by CustomerKey, ascending").waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("Sorted by CustomerKey, descending").waitFor();
      await page.getByRole("searchbox", { name: "Find in all rows" }).fill("CK-000004");
      await page.getByText("CK-000007").waitFor({ state: "detached" });
      await expect.poll(() => page.getByRole("gridcell").first().innerText()).toBe("CK-000004");
      expectNoComplaints(own);
    },
    browserMs,
  );

  longChromiumTest(
    "says what is wrong with a query that is refused, and goes to the place",
    async () => {
      const own = await openSignedIn(chromium(), stack.edge);
      await own.write("DELETE FROM Customers");
      await own.page.keyboard.press("Control+Enter");
      await own.status("Not run: 1 error");
      await own.audit("rejected");
      await own.page.locator("article").getByRole("button", { name: "Line 1" }).click();
      await expect.poll(() => own.page.evaluate("document.activeElement?.shadowRoot !== null")).toBe(true);
      await own.write("SELECT TOP 2 CustomerKey FROM Customers");
      await own.runToRows();
      expectNoComplaints(own);
    },
    browserMs,
  );

  longChromiumTest(
    "runs into a Data Extension after showing how the columns fit",
    async () => {
      const own = await openSignedIn(chromium(), stack.edge);
      const { page } = own;
      await own.write("SELECT TOP 3 CustomerKey, EmailAddress FROM Customers");
      await page.keyboard.press("Control+Shift+Enter");
      await page.getByRole("combobox").fill("VIP");
      await page.getByRole("option", { name: "VIP Audience" }).click();
      await page.getByRole("cell", { name: "fits" }).first().waitFor();
      await own.audit("target");
      await page.getByRole("radio", { name: /Overwrite/ }).check();
      await own.picture("target");
      await page.getByRole("button", { name: "Empty and fill VIP Audience" }).click();
      await page.getByRole("heading", { name: "VIP Audience emptied and filled with 3 rows" }).waitFor();
      await page.getByRole("button", { name: "Show the table's rows" }).click();
      await page.getByRole("dialog").getByRole("gridcell").first().waitFor();
      await own.audit("preview");
      expectNoComplaints(own);
    },
    browserMs,
  );

  longChromiumTest(
    "goes on after a reload, and shows a run by its address in another window",
    async () => {
      const own = await openSignedIn(chromium(), stack.edge);
      const { page } = own;
      await own.write("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
      await page.keyboard.press("Control+Enter");
      await own.status(/Running|Preparing|Confirming|Waiting/);
      await page.waitForTimeout(600);
      await page.reload();
      await own.status("Done");
      expect(await page.locator(".cm-content").innerText()).toContain("SELECT TOP 2 CustomerKey");
      const answer = await fetch(`${stack.edge}/v1/runs?limit=1`, {
        headers: { authorization: `Bearer ${stack.tokens.alice}` },
      });
      const { runs } = (await answer.json()) as { runs: { id: string }[] };
      const other = await openConsole(chromium(), `${stack.edge}/runs/${runs[0]?.id}`);
      await other.page.getByRole("button", { name: "Try it with the sandbox" }).click();
      await other.page.getByRole("gridcell", { name: "CK-000004" }).waitFor();
      expectNoComplaints(own);
      expectNoComplaints(other);
    },
    browserMs,
  );

  longChromiumTest(
    "has room for everything on a narrow dark screen",
    async () => {
      const own = await openSignedIn(chromium(), stack.edge, { width: 360, height: 740, colorScheme: "dark" });
      await own.write("SELECT TOP 20 CustomerKey, FirstName FROM Customers");
      await own.runToRows();
      await own.audit("narrow, dark");
      await own.picture("narrow-dark");
      const wide = await own.page.evaluate("document.documentElement.scrollWidth");
      expect(wide).toBe(360);
      expectNoComplaints(own);
    },
    browserMs,
  );
});
