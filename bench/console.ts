import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { startStack } from "../tests/flow/support/stack.ts";

// npm run bench:console: what the console costs to load, how soon one can type, and how its grid scrolls. Needs /usr/bin/chromium.
const bounds = { firstLoadKiB: 300, editorReadyMs: 600, gridPaintMs: 150, frameP95Ms: 25 };

const stack = await startStack({ SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000" });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const found: Record<keyof typeof bounds, number> = { firstLoadKiB: 0, editorReadyMs: 0, gridPaintMs: 0, frameP95Ms: 0 };
try {
  found.firstLoadKiB = await firstLoad();
  const ready: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${stack.edge}/`);
    await page.getByRole("button", { name: "Try it with the sandbox" }).click();
    await page.locator(".cm-content").waitFor();
    // As somebody comes back who is signed in.
    await page.reload();
    await page.locator(".cm-content").waitFor();
    ready.push(await mark(page));
    if (round === 4) await measureGrid(page);
    await page.close();
  }
  found.editorReadyMs = median(ready);
  for (const [name, bound] of Object.entries(bounds)) {
    const value = found[name as keyof typeof bounds];
    console.log(
      `${name.padEnd(14)} ${value.toFixed(1).padStart(7)}  (at most ${bound})${value > bound ? "  OVER" : ""}`,
    );
  }
} finally {
  await browser.close();
  await stack.stop();
}
process.exit();

/** What the page loads before one can type: its scripts and its style sheet. */
async function firstLoad(): Promise<number> {
  const html = await readFile("dist/site/index.html", "utf8");
  const files = [...html.matchAll(/\/(assets\/[^"]+)"/g)].map(([, path]) => path);
  const sizes = await Promise.all(
    files.map(async (path) => gzipSync(await readFile(`dist/site/${path}`), { level: 9 })),
  );
  return sizes.reduce((sum, { length }) => sum + length, 0) / 1024;
}

function mark(page: Page): Promise<number> {
  return page.evaluate(() => performance.getEntriesByName("sqe-editor-ready")[0]?.startTime ?? Number.NaN);
}

/** A result of 200 columns: from its page's arrival to its first frame, and the frames while it scrolls. */
async function measureGrid(page: Page): Promise<void> {
  const columns = Array.from({ length: 200 }, (_, index) => `LoyaltyPoints + ${index} AS Points_${index}`).join(", ");
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(`SELECT TOP 50 ${columns} FROM Customers`);
  // As text, because the types here are Node's.
  await page.evaluate(`(() => {
    const open = fetch;
    globalThis.fetch = async (...args) => {
      const answer = await open(...args);
      if (String(args[0]).includes("/results")) {
        await answer.clone().text();
        globalThis.arrived = performance.now();
      }
      return answer;
    };
    const look = () => {
      if (document.querySelector("[role=gridcell]") === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => { globalThis.painted = performance.now(); });
    };
    look();
  })()`);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("gridcell").first().waitFor({ timeout: 120_000 });
  await page.waitForFunction("globalThis.painted !== undefined");
  found.gridPaintMs = await page.evaluate<number>("globalThis.painted - globalThis.arrived");
  const frames = await page.evaluate<number[]>(`new Promise((done) => {
    const grid = document.querySelector("[role=grid]");
    const times = []; let last = performance.now();
    const step = () => {
      const now = performance.now(); times.push(now - last); last = now;
      grid.scrollLeft += 120;
      if (times.length < 150) requestAnimationFrame(step); else done(times.slice(1));
    };
    requestAnimationFrame(step);
  })`);
  found.frameP95Ms = frames.toSorted((one, other) => one - other)[Math.floor(frames.length * 0.95)] ?? Number.NaN;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
