import { describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { expectNoComplaints, openSignedIn } from "./support/console.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "4000", MCE_CALLS_PER_MINUTE: "6000" });
const chromium = useBrowser();
const sql = `-- VIP customers and what they have left
SELECT TOP 120 c.CustomerKey, c.FirstName, c.EmailAddress, c.Country, c.IsVIP,
  c.LoyaltyPoints, c.Balance, c.Phone
FROM Customers c
WHERE c.LoyaltyPoints > 100
ORDER BY c.CustomerKey`;

describe("the console", () => {
  chromiumTest.for(["light", "dark"] as const)(
    "is worth a picture, %s",
    { timeout: browserMs },
    async (colorScheme) => {
      const own = await openSignedIn(chromium(), stack.edge, { colorScheme });
      await own.write(sql);
      await own.runToRows();
      await own.page.getByRole("button", { name: "8 columns" }).waitFor();
      // What lies under the pointer looks different.
      await own.page.mouse.move(700, 20);
      await own.audit(colorScheme);
      await own.picture(`console-${colorScheme}`);
      expectNoComplaints(own);
    },
  );

  chromiumTest(
    "stops a run at once, and goes on by itself after the network was lost",
    async () => {
      const own = await openSignedIn(chromium(), stack.edge);
      const { page } = own;
      await own.write("SELECT TOP 2 CustomerKey FROM Customers");
      await page.keyboard.press("Control+Enter");
      await own.status(/Running in Marketing Cloud/);
      await own.audit("running");
      await page.getByRole("button", { name: "Stop" }).click();
      await own.status("Stopped");
      await page.getByRole("button", { name: "Run again" }).click();
      await own.status(/Running in Marketing Cloud/);
      await page.context().setOffline(true);
      await page.waitForTimeout(1500);
      await page.context().setOffline(false);
      await own.status("Done");
      await page.getByRole("gridcell").first().waitFor();
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest(
    "asks nobody in Marketing Cloud while somebody types for a minute",
    async ({ skip }) => {
      const own = await openSignedIn(chromium(), stack.edge);
      const { page } = own;
      await own.write("SELECT CustomerKey, FirstName FROM Customers");
      await page.getByRole("button", { name: "2 columns" }).waitFor();
      // What was asked for that text.
      await page.waitForTimeout(6000);
      let toEdge = 0;
      page.on("request", () => (toEdge += 1));
      const callsOf = async () => {
        const { entries } = (await (await fetch(`${stack.sandbox}/sandbox/ledger`)).json()) as {
          entries: { event: string; call: string }[];
        };
        return entries.flatMap(({ event, call }) => (event === "call" ? [call] : []));
      };
      const before = await callsOf();
      await page.keyboard.press("Control+End");
      const text = " WHERE LoyaltyPoints > 100 AND Country = 'DE' AND FirstName LIKE 'A%'";
      let [last, longestMs] = [Date.now(), 0];
      for (const letter of text.slice(0, 66)) {
        await page.keyboard.type(letter);
        await page.keyboard.press("Escape");
        await page.waitForTimeout(700);
        const now = Date.now();
        [last, longestMs] = [now, Math.max(longestMs, now - last)];
      }
      if (longestMs > 1000) skip(`This machine is too busy to type: ${longestMs} ms between two keys`);
      const calls = (await callsOf()).slice(before.length);
      console.log(`66 keys, 0.7 s apart: ${calls.length} calls to Marketing Cloud, ${toEdge} to the edge`);
      expect(calls).toEqual([]);
      expectNoComplaints(own);
    },
    browserMs,
  );
});
