import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { slowness } from "../support/processor-time.ts";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { textIn } from "./support/console-menus.ts";
import { copied, expectNoComplaints, openSignedIn } from "./support/console.ts";
import { openSandboxDoor } from "./support/sandbox.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();

const opened = () => openSignedIn(chromium(), stack.edge);

/** A frame at 60 Hz has 17; a busy machine gets more. */
const frameMs = 25;

describe("the console's tree", () => {
  chromiumTest(
    "finds tables and fields, and inserts, drags, copies and previews them with whole values",
    async () => {
      const own = await opened();
      const { page } = own;
      const search = page.getByRole("searchbox", { name: "Search tables and fields" });
      await search.fill("order it");
      const line = page.getByRole("treeitem", { name: "Order Items & More - 2024" });
      await line.click();
      await page.getByRole("treeitem", { level: 2 }).first().waitFor();
      await page.getByRole("tree").focus();
      await page.keyboard.press("Control+c");
      expect(await copied(page)).toBe("[Order Items & More - 2024]");
      await own.write("SELECT TOP 1 * FROM ");
      await page.getByRole("tree").focus();
      await page.keyboard.press("Enter");
      expect(await textIn(page)).toBe("SELECT TOP 1 * FROM [Order Items & More - 2024]");
      await own.write("SELECT TOP 1 * FROM ");
      await line.dragTo(page.locator(".cm-line"));
      await expect.poll(() => textIn(page)).toContain("[Order Items & More - 2024]");
      await search.fill("SMTPBounce");
      await page.getByRole("treeitem", { name: "_Bounce" }).waitFor();
      await own.audit("search");
      await search.fill("Customers");
      await page.getByRole("treeitem", { name: "Customers" }).click();
      await page.getByRole("tree").focus();
      await page.keyboard.press(" ");
      const sheet = page.getByRole("dialog", { name: "Customers" });
      await sheet.getByRole("gridcell").first().click();
      await page.keyboard.press(" ");
      const value = sheet.getByRole("region", { name: "Value of CustomerKey" });
      await value.getByText("9 characters").waitFor();
      await own.audit("preview with a value");
      await own.picture("preview-value");
      await page.keyboard.press("Escape");
      await value.waitFor({ state: "detached" });
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Control+c");
      expect(await copied(page)).toMatch(/^CK-/);
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "scrolls smoothly through 10,000 tables, and searches them",
    async () => {
      await openSandboxDoor(stack.sandbox).ask("tables", { count: 10_000, folders: 1 });
      const own = await opened();
      const { page } = own;
      await page.getByRole("button", { name: "Read again from Marketing Cloud" }).click();
      const root = page.getByRole("treeitem", { name: /^Data Extensions/ });
      await expect.poll(() => root.innerText(), { timeout: 60_000 }).toMatch(/100\d\d/);
      await page.getByRole("treeitem", { name: "Folder 1", exact: true }).click();
      await page
        .getByRole("treeitem", { name: /^Table \d{5}$/ })
        .first()
        .waitFor();
      let [p95, restP95, allowedMs] = [Infinity, 0, frameMs];
      // Each go is held to how slow the machine is just then, and how late frames are in which nothing happens.
      for (let goes = 0; goes < 5 && p95 > allowedMs; goes += 1) {
        p95 = await frameP95(page, 300);
        restP95 = await frameP95(page, 0);
        allowedMs = Math.max(frameMs * slowness(), 1.5 * restP95);
      }
      const lines = await page.getByRole("treeitem").count();
      console.log(
        `10,000 tables: a frame takes ${p95.toFixed(1)} ms (p95), at rest ${restP95.toFixed(1)} ms, allowed ${allowedMs.toFixed(1)} ms; ${lines} lines are in the page`,
      );
      expect(lines).toBeLessThan(120);
      const begun = Date.now();
      await page.getByRole("searchbox", { name: "Search tables and fields" }).fill("Table 09999");
      await page.getByRole("treeitem", { name: "Table 09999" }).waitFor();
      console.log(`10,000 tables: searched in ${Date.now() - begun} ms`);
      expect(p95).toBeLessThanOrEqual(allowedMs);
      expectNoComplaints(own);
    },
    browserMs,
  );
});

describe("the console", () => {
  chromiumTest(
    "says that there is a new version when a part of it is gone, and goes on",
    async () => {
      const own = await opened();
      const { page } = own;
      await page.route("**/assets/shortcuts-*.js", (route) => route.fulfill({ status: 404, body: "{}" }));
      await page.getByRole("tree").focus();
      await page.keyboard.press("?");
      await page.getByRole("alert").getByText("A new version of the console is here.").waitFor();
      await own.audit("outdated");
      await own.picture("outdated");
      await own.write("SELECT TOP 2 CustomerKey FROM Customers");
      await own.runToRows();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "asks for notifications only when somebody turns them on, and says then that a long run has ended",
    async () => {
      const own = await opened();
      const { page } = own;
      await page.addInitScript(`{
        globalThis.asked = 0; globalThis.told = [];
        globalThis.Notification = class extends EventTarget {
          static permission = "default";
          static requestPermission() { asked += 1; this.permission = "granted"; return Promise.resolve("granted"); }
          constructor(title, { body }) { super(); told.push(title + ": " + body); }
        };
      }`);
      await page.reload();
      await own.write("SELECT TOP 2 CustomerKey FROM Customers");
      await own.runToRows();
      expect(await page.evaluate("asked")).toBe(0);
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("searchbox").fill("Settings");
      await own.picture("palette");
      await own.audit("palette");
      await page.keyboard.press("Enter");
      await page.getByLabel("Say by a notification when a long run has ended").check();
      expect(await page.evaluate("asked")).toBe(1);
      await page.keyboard.press("Escape");
      await openSandboxDoor(stack.sandbox).behave({ durationMs: 9000 });
      await page.evaluate("Object.defineProperty(document, 'hidden', { value: true })");
      await page.locator(".cm-content").focus();
      await page.keyboard.press("Control+Enter");
      await expect.poll(() => page.evaluate("told"), { timeout: 40_000 }).toEqual(["Query 1: Done, 2 rows."]);
      expect(await page.title()).toBe("✔ Query 1");
      expectNoComplaints(own);
    },
    browserMs,
  );
});

/** How long a frame takes while the tree scrolls by so many pixels in each, in ms, of 95 in 100 at most. */
async function frameP95(page: Page, pixels: number): Promise<number> {
  const frames = await page.evaluate<number[]>(`new Promise((done) => {
    const tree = document.querySelector("[role=tree]");
    const times = []; let last = performance.now();
    const step = () => {
      const now = performance.now(); times.push(now - last); last = now;
      tree.scrollTop += ${pixels};
      if (times.length < 150) requestAnimationFrame(step); else done(times.slice(1));
    };
    requestAnimationFrame(step);
  })`);
  return frames.toSorted((one, other) => one - other)[Math.floor(frames.length * 0.95)] ?? Number.NaN;
}
