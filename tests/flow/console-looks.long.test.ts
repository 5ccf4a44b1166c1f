import { afterEach, describe, expect } from "vitest";
import type { Page } from "playwright-core";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { expectNoComplaints, useWindow } from "./support/console.ts";
import { textIn } from "./support/console-menus.ts";
import { look } from "./support/look.ts";
import { useSharedStack } from "./support/share-stack.ts";

const window = useWindow(useBrowser(), useSharedStack());
afterEach(async () => {
  // What a failed test has left open would cover the page for the next one.
  if ((await window().page.getByRole("dialog").count()) > 0) await window().page.keyboard.press("Escape");
  expectNoComplaints(window());
});

const sql = `-- Who has a birthday this month?
SELECT TOP 120 c.CustomerKey, c.FirstName, c.EmailAddress, c.Country, c.BirthDate, c.LoyaltyPoints
FROM Customers c
WHERE MONTH(c.BirthDate) = @month
ORDER BY c.LoyaltyPoints DESC`;

const menuItem = async (page: Page, menu: string, item: string) => {
  await page.getByRole("button", { name: menu, exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

/** Everything that opens over the page: how, and what is there when it has been filled. */
const sheets: readonly [name: string, open: (page: Page) => Promise<unknown>, shows: string][] = [
  ["palette", (page) => page.keyboard.press("Control+k"), "Recent runs"],
  ["shortcuts", (page) => menuItem(page, "Account of alice", "Keyboard shortcuts"), "Shift+Esc"],
  ["settings", (page) => menuItem(page, "Account of alice", "Settings"), "This page"],
  ["runs", (page) => page.getByRole("button", { name: "Recent runs" }).click(), "Query 1"],
  ["activities", (page) => menuItem(page, "More", "Open a Query Activity …"), "VIP"],
  ["target", (page) => page.keyboard.press("Control+Shift+Enter"), "Append"],
  ["texts", (page) => menuItem(page, "More", "What Marketing Cloud runs …"), "FROM Customers c"],
  ["rename", (page) => menuItem(page, "What to do with Query 1", "Rename …"), "Name"],
  ["preview", (page) => preview(page), "CK-000001"],
  ["value", (page) => value(page), "characters"],
];

async function preview(page: Page): Promise<void> {
  await page.getByRole("treeitem", { name: "Customers" }).click();
  await page.keyboard.press("Space");
}

async function value(page: Page): Promise<void> {
  await page.getByRole("grid").focus();
  for (const key of ["ArrowRight", "ArrowRight", "Space"]) await page.keyboard.press(key);
}

describe("the console", { timeout: browserMs }, () => {
  chromiumTest("has a shell that fits each screen, with a query, its parameter and its rows", async () => {
    const own = window();
    const { page } = own;
    await own.write(sql);
    await page.getByLabel("Type of @month").selectOption("number");
    await page.getByLabel("Value of @month").fill("5");
    await own.runToRows();
    await page.getByRole("button", { name: "6 columns" }).waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    await look(own, "shell");
  });

  chromiumTest.for(sheets)("has a sheet in order: %s", async ([name, open, shows]) => {
    const own = window();
    const { page } = own;
    await open(page);
    await page.getByRole("dialog").getByText(shows).first().waitFor();
    await look(own, `sheet-${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  chromiumTest("has menus and remarks in order", async () => {
    const own = window();
    const { page } = own;
    await page.getByRole("button", { name: "More ways to run" }).click();
    await page.getByRole("menu").waitFor();
    await look(own, "menu-run");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "hidden" });
    await own.write("SELECT TOP 10 c.FirstNme, c.Balanc\nFROM Customers c\nLIMIT 5");
    await page.getByRole("button", { name: /\d errors/ }).click();
    await page.getByRole("dialog").waitFor();
    await look(own, "remarks");
    await page.keyboard.press("Escape");
    // What closes gives the focus back, which a person waits for.
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await own.write("SELECT TOP 3 * FROM ");
    await own.type("Cust");
    await expect.poll(() => textIn(page)).toBe("SELECT TOP 3 * FROM Cust");
    await page.locator(".cm-tooltip-autocomplete").waitFor();
    await look(own, "completion");
    await page.keyboard.press("Escape");
  });

  chromiumTest("keeps remarks and undo when a narrow screen changes to the result and back", async () => {
    const { page, write } = window();
    const errors = page.locator(".cm-lintRange-error");
    await write("SELECT TOP 2 CustomerKey FROM Customers");
    // By then what is typed next is a step of its own.
    await page.getByRole("button", { name: "1 column", exact: true }).waitFor();
    await write("SELECT TOP 2 FirstNme FROM Customers");
    await errors.first().waitFor();
    const size = page.viewportSize();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: "Result", exact: true }).click();
    await errors.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Query", exact: true }).click();
    await errors.first().waitFor();
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+z");
    await expect.poll(() => page.locator(".cm-content").innerText()).toContain("CustomerKey");
    if (size !== null) await page.setViewportSize(size);
  });

  chromiumTest("moves nothing for who wants no motion", async () => {
    const own = window();
    await own.page.emulateMedia({ reducedMotion: "reduce" });
    await own.write("SELECT TOP 2 CustomerKey FROM Customers");
    await own.page.keyboard.press("Control+Enter");
    await own.status(/Preparing|Running in Marketing Cloud/);
    const moving = () =>
      own.page.evaluate<number>("document.getAnimations().filter(({ playState }) => playState === 'running').length");
    await expect.poll(moving).toBe(0);
    await own.status("Done");
  });
});
