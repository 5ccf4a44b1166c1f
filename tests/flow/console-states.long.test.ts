import { afterEach, beforeAll, describe, expect } from "vitest";
import { openApi, type Api } from "./support/api.ts";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { expectNoComplaints, openConsole, useWindow } from "./support/console.ts";
import { endPostgres } from "./support/end-postgres.ts";
import { look } from "./support/look.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { useStack } from "./support/share-stack.ts";

// One window goes through all states, as a person's does in a day.
const stack = useStack({
  SANDBOX_DURATION_MS: "300",
  MCE_CALLS_PER_MINUTE: "6000",
  SQE_TIME_SCALE: "2",
  SQE_LIMITS: "on",
  SQE_RESULT_TTL_MS: "90000",
});
const chromium = useBrowser();
const window = useWindow(chromium, stack);
let alice: Api;
let sandbox: SandboxDoor;
/** Runs that nobody looks at, and that take places from others. */
const others: { id: string }[] = [];
/** The run in the first tab. */
let oldest = "";
beforeAll(() => {
  alice = openApi(stack);
  sandbox = openSandboxDoor(stack.sandbox);
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window().picture(`red-${task.id}`);
  await sandbox.behave({ durationMs: 300, rowsetLateMs: 0 });
  await sandbox.ask("faults", undefined, "DELETE");
  for (const { id } of others.splice(0)) await alice.cancel(id);
  expectNoComplaints(window());
});

const two = "SELECT TOP 2 CustomerKey, Balance FROM Customers ORDER BY CustomerKey";
/** Longer than a test takes, shorter than what Marketing Cloud kills. */
const long = 1_200_000;

async function newestRun(): Promise<string> {
  // The shape is DESIGN 3's.
  const { runs } = (await (await alice.call("/v1/runs?limit=1")).json()) as { runs: { id: string }[] };
  return runs[0]?.id ?? "";
}

/** Runs a text in the window. */
async function run(sql: string): Promise<void> {
  await window().write(sql);
  await window().page.keyboard.press("Control+Enter");
}

const card = () => window().page.locator("section[aria-label=Result] article");
const button = (name: string) => window().page.getByRole("button", { name, exact: true });
const says = (text: string | RegExp) => window().page.getByText(text).first().waitFor();

describe("the result of a query", { timeout: browserMs }, () => {
  chromiumTest("before the first run offers queries to begin with", async () => {
    await says("Run a query to see its rows here.");
    await look(window(), "nothing");
    await window()
      .page.getByRole("button", { name: /FROM _Subscribers/ })
      .click();
    await expect.poll(() => window().page.locator(".cm-content").innerText()).toContain("FROM _Subscribers");
  });

  chromiumTest("goes through its phases, and a long one says that the page may be closed", async () => {
    const { status, page } = window();
    await sandbox.behave({ durationMs: long, rowsetLateMs: long });
    await sandbox.ask("faults", [{ call: "SOAP Create DataExtension", delayMs: long }]);
    await run(two);
    await status("Preparing");
    await look(window(), "preparing");
    await sandbox.ask("clock", { advanceMs: long });
    await status("Running in Marketing Cloud");
    await look(window(), "running");
    // Only what takes longer than 20 s says so.
    await page.getByText(/You can close this tab; the run goes on/).waitFor({ timeout: 30_000 });
    await look(window(), "long");
    await sandbox.ask("clock", { advanceMs: long });
    await status("Confirming the result");
    await look(window(), "confirming");
    await sandbox.ask("clock", { advanceMs: long });
    await status("Done");
  });

  chromiumTest("has rows, columns and times", async () => {
    await run("SELECT TOP 120 CustomerKey, FirstName, EmailAddress, CreatedDate, Balance, IsVIP FROM Customers");
    await window().status("Done");
    await look(window(), "rows");
    await button("Columns").click();
    await look(window(), "columns");
    await button("Timeline").click();
    await look(window(), "timeline");
    await button("Rows").click();
    // It is looked at again when it has expired.
    oldest = await newestRun();
    await window().page.keyboard.press("Alt+n");
  });

  chromiumTest("without rows keeps its head and says that nothing was found", async () => {
    await run("SELECT CustomerKey, Balance FROM Customers WHERE Balance < -999999");
    await says("No rows. The query ran and found nothing.");
    await look(window(), "empty");
  });

  chromiumTest("of many rows says that there are more, and counts them on demand", async () => {
    await run("SELECT Id, SubscriberKey, Score FROM [Big List] WHERE Id <= 5000");
    await says("First 2,500 rows; there are more");
    await look(window(), "truncated");
    await button("Count all").click();
    await says("2,500 of 5,000 rows");
    await look(window(), "counted");
  });

  chromiumTest("that Marketing Cloud failed has its words folded, and can be run again", async () => {
    await sandbox.behave({ errorMsg: "Divide by zero error encountered.", errorTimes: 1 });
    await run(two);
    await window().status("Failed");
    await card().getByText("What Marketing Cloud said").click();
    await card().getByText("Divide by zero error encountered.").waitFor();
    await look(window(), "failed");
    await button("Run again").click();
    await window().status("Done");
  });

  chromiumTest("that was refused leads to each place, and is put right on demand", async () => {
    await run("DELETE FROM Customers");
    await window().status("Not run: 1 error");
    await look(window(), "rejected");
    await run("SELECT TOP 2 CustomerKey, FirstNme, Balanc\nFROM Customers");
    await window().status("Failed");
    await card().getByRole("button", { name: "Line 1" }).first().click();
    await button("Fix all that are safe").waitFor();
    await look(window(), "places");
    await button("Fix all that are safe").click();
    await expect.poll(() => window().page.locator(".cm-content").innerText()).toContain("FirstName, Balance");
  });

  chromiumTest("of a run that is not yours says so", async () => {
    const other = await openConsole(chromium(), `${stack.edge}/runs/${"0".repeat(30)}`);
    await other.page.getByRole("button", { name: "Try it with the sandbox" }).click();
    await other.page.getByRole("heading", { name: /There is no such run/ }).waitFor();
    await look(other, "gone");
    expectNoComplaints(other);
  });

  chromiumTest("waits in line with its place, and another one until there is room for it", async () => {
    const { page, status } = window();
    await sandbox.behave({ durationMs: long });
    others.push(...(await Promise.all(Array.from({ length: 9 }, () => alice.submit(two)))));
    await expect
      .poll(
        async () =>
          (await Promise.all(others.map(({ id }) => alice.read(id)))).filter(({ phase }) => phase === "executing")
            .length,
      )
      .toBe(8);
    await run(two);
    await status("Waiting, place 2");
    await look(window(), "queued");
    await page.keyboard.press("Alt+n");
    await run(two);
    await says(/The engine is busy. Trying again in \d+ seconds? …/);
    await look(window(), "busy");
    await sandbox.behave({ durationMs: 300 });
    for (const { id } of others.splice(0)) await alice.cancel(id);
    await status("Done");
    await page.keyboard.press("Alt+w");
    await status("Done");
  });

  chromiumTest("that is stopped ends at once, in all windows that show it", async () => {
    const { status, page } = window();
    await sandbox.behave({ durationMs: long });
    await run(two);
    await status("Running in Marketing Cloud");
    const other = await openConsole(chromium(), `${stack.edge}/runs/${await newestRun()}`, { context: page.context() });
    await other.page.getByRole("button", { name: "Try it with the sandbox" }).click();
    await other.status("Running in Marketing Cloud");
    const pressed = Date.now();
    await button("Stop").click();
    await status("Stopped");
    const tookMs = Date.now() - pressed;
    await other.status("Stopped");
    console.log(`stopped in ${tookMs} ms, elsewhere in ${Date.now() - pressed} ms`);
    expect(tookMs).toBeLessThan(3000);
    await other.page.close();
    expectNoComplaints(other);
    await look(window(), "stopped");
  });

  chromiumTest(
    "into a table says what was written; one with an unknown outcome offers to look, not to run again",
    async () => {
      const { page } = window();
      const into = async (from: string) => {
        await window().write(`SELECT TOP 3 CustomerKey, EmailAddress FROM Customers WHERE CustomerKey > '${from}'`);
        await page.keyboard.press("Control+Shift+Enter");
        await page.getByRole("combobox").fill("VIP");
        await page.getByRole("option", { name: "VIP Audience" }).click();
        await page.getByRole("cell", { name: "fits" }).first().waitFor();
        await page.getByRole("button", { name: "Append to VIP Audience" }).click();
      };
      await into("CK-0001");
      await card().getByRole("heading", { name: "3 rows appended to VIP Audience" }).waitFor();
      await look(window(), "into-target");
      await sandbox.ask("faults", [{ call: "SOAP Perform", drop: "before" }]);
      await into("CK-0002");
      // Marketing Cloud is given time to show that it runs after all.
      await card().getByText("OUTCOME_UNKNOWN").waitFor({ timeout: 60_000 });
      await look(window(), "unknown");
      expect(await button("Run again").count()).toBe(0);
      await button("Show the table's rows").click();
      await page.getByRole("dialog").getByRole("gridcell").first().waitFor();
      await page.keyboard.press("Escape");
    },
  );

  chromiumTest("goes on by itself when the network comes back, and when the edge does", async () => {
    const { page, status } = window();
    await sandbox.behave({ durationMs: long });
    await run(two);
    await status("Running in Marketing Cloud");
    await page.context().setOffline(true);
    await says("Connection lost, reconnecting");
    await look(window(), "reconnecting");
    await page.context().setOffline(false);
    await page.getByText("Connection lost, reconnecting").waitFor({ state: "detached" });
    await stack.restart("edge");
    await sandbox.ask("clock", { advanceMs: long });
    await status("Done");
  });

  chromiumTest("waits for an engine that cannot work now", async () => {
    // A Worker that has just started remembers no connection, so it needs its database.
    await stack.restart("edge");
    const health = () =>
      fetch(`${stack.edge}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(health).toBe(true);
    await endPostgres(stack.dir);
    await run(two);
    await says(/The engine is busy. Trying again in \d seconds? …/);
    await says("nothing was queued");
    await look(window(), "unavailable");
    await window().status("Done");
  });

  chromiumTest("that is discarded says so, and is gone in Marketing Cloud", async () => {
    await run(two);
    await window().status("Done");
    await window().page.getByRole("button", { name: "More", exact: true }).click();
    await window().page.getByRole("menuitem", { name: "Discard these rows" }).click();
    await card().getByRole("heading", { name: "These rows are discarded" }).waitFor();
    await look(window(), "discarded");
    expect((await alice.call(`/v1/runs/${await newestRun()}/results`)).status).toBe(410);
    await button("Run again").click();
    await window().status("Done");
  });

  chromiumTest("that has expired says when, and can be run again", async () => {
    const { page } = window();
    await page.keyboard.press("Alt+1");
    const answer = async () => (await alice.call(`/v1/runs/${oldest}/results`)).status;
    await expect.poll(answer, { timeout: 100_000, interval: 1000 }).toBe(410);
    await page.getByRole("searchbox", { name: "Find in all rows" }).fill("CK");
    await card()
      .getByRole("heading", { name: /^This result ended at \d\d:\d\d; run it again.$/ })
      .waitFor();
    await look(window(), "expired");
    await button("Run again").click();
    await window().status("Done");
  });
});
