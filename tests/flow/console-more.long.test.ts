import { describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { copied, expectNoComplaints, openSignedIn } from "./support/console.ts";
import { openSandboxDoor } from "./support/sandbox.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();

const opened = () => openSignedIn(chromium(), stack.edge);

describe("the console's editor", () => {
  chromiumTest(
    "says what a word means, by F1 and by the pointer, and colors words by their kind",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT LEFT(FirstName, 2) AS Short FROM Customers -- all");
      await page.keyboard.press("Home");
      for (let step = 0; step < 9; step += 1) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("F1");
      await page.locator(".cm-tooltip", { hasText: "LEFT(text, count)" }).waitFor();
      await own.audit("docs");
      await own.picture("docs");
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => page.locator(".cm-tooltip").count()).toBe(0);
      const word = (text: string) => page.locator(".cm-line span", { hasText: new RegExp(`^${text}$`) }).first();
      const from = await word("FROM").boundingBox();
      if (from === null) throw new Error("There is no text");
      await page.mouse.move(from.x + from.width + 40, from.y + from.height / 2);
      await page.locator(".cm-tooltip", { hasText: "Customers" }).waitFor();
      const colorOf = (text: string) =>
        word(text).evaluate((it) => {
          // The types here are Node's, which has no styles.
          const { getComputedStyle } = globalThis as unknown as {
            getComputedStyle: (of: unknown) => { color: string };
          };
          return getComputedStyle(it).color;
        });
      const colors = [await colorOf("SELECT"), await colorOf("LEFT"), await colorOf("2"), await colorOf("-- all")];
      expect(new Set(colors).size).toBe(4);
      expectNoComplaints(own);
    },
    browserMs,
  );
});

describe("the console's runs", () => {
  chromiumTest(
    "go on side by side, one in each tab",
    async () => {
      const own = await opened();
      const { page } = own;
      const sandbox = openSandboxDoor(stack.sandbox);
      await sandbox.behave({ durationMs: 8000 });
      await own.write("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
      await page.keyboard.press("Control+Enter");
      await page.keyboard.press("Alt+n");
      await own.write("SELECT TOP 3 OrderID FROM Orders ORDER BY OrderID");
      await page.keyboard.press("Control+Enter");
      await own.status(/^Running/);
      await page.getByRole("tab", { name: "Query 1" }).click();
      await own.status(/^Running/);
      await sandbox.behave({ durationMs: 300 });
      await own.status(/^Done/);
      await page.getByRole("gridcell", { name: "CK-000004" }).waitFor();
      await page.getByRole("tab", { name: "Query 2" }).click();
      await own.status(/^Done/);
      expect(await page.locator("section[aria-label=Result]").innerText()).toContain("3 rows · 1 column");
      expectNoComplaints(own);
    },
    browserMs,
  );
});

describe("the console's columns", () => {
  chromiumTest(
    "are as wide as somebody made them, also in the next result, and fit at a double click",
    async () => {
      const own = await opened();
      const { page } = own;
      const head = page.getByRole("columnheader", { name: /^CustomerKey/ });
      const width = async () => Math.round((await head.boundingBox())?.width ?? 0);
      await own.write("SELECT TOP 2 CustomerKey, Country FROM Customers ORDER BY CustomerKey");
      await own.runToRows();
      const before = await width();
      const handle = await head.locator("[data-handle]").boundingBox();
      if (handle === null) throw new Error("There is no handle");
      const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 90, y, { steps: 5 });
      await page.mouse.up();
      await expect.poll(width).toBe(before + 90);
      await page.reload();
      await page.getByRole("gridcell").first().waitFor();
      await expect.poll(width).toBe(before + 90);
      await head.locator("[data-handle]").dblclick();
      await expect.poll(width).toBeLessThan(before + 60);
      expectNoComplaints(own);
    },
    browserMs,
  );
});

describe("the console's run into a Data Extension", () => {
  chromiumTest(
    "gives the list of fields to make one by hand",
    async () => {
      const own = await opened();
      const { page } = own;
      await own.write("SELECT CustomerKey, Country FROM Customers");
      await page.keyboard.press("Control+Shift+Enter");
      await page.getByRole("dialog", { name: "Run into a Data Extension" }).waitFor();
      await page.getByRole("button", { name: "Copy the field list" }).click();
      const lines = (await copied(page)).split("\n");
      expect(lines[0]).toBe("Name\tType\tLength\tPrimary key");
      expect(lines.slice(1).map((line) => line.split("\t"))).toEqual([
        ["CustomerKey", "Text", expect.stringMatching(/^\d+$/), "no"],
        ["Country", "Text", "2", "no"],
      ]);
      expectNoComplaints(own);
    },
    browserMs,
  );
});
