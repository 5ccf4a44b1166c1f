import type { Page } from "playwright-core";
import { quantile } from "../stack/figures.ts";
import { openCold } from "./cold-page.ts";

/** How a page of 50 rows and 200 columns is shown, in milliseconds. */
type GridTimes = {
  /** From the arrival of its last byte to the frame that shows it. */
  paintMs: number;
  /** Of 150 frames while it scrolls to the right, 120 px each. */
  frameP95Ms: number;
};

/** Runs a query of 200 columns, waits for its page, and scrolls through it. */
export async function measureGrid(url: string): Promise<GridTimes> {
  const { page, close } = await openCold();
  try {
    await page.goto(url);
    await page.locator(".cm-content").focus();
    await page.keyboard.insertText(wideQuery());
    await page.evaluate(watchPaint);
    await page.keyboard.press("Control+Enter");
    const paintMs = await page.evaluate<number>("globalThis.shown.then((at) => at - globalThis.arrived)");
    return { paintMs, frameP95Ms: quantile(await scroll(page), 0.95) };
  } finally {
    await close();
  }
}

function wideQuery(): string {
  const columns = Array.from({ length: 200 }, (_, index) => `LoyaltyPoints + ${index} AS Points_${index}`);
  return `SELECT TOP 50 ${columns.join(", ")} FROM Customers`;
}

/** Notes when the page of rows has arrived, and when it is on the screen. As text, because the types here are Node's. */
const watchPaint = `(() => {
  const ask = fetch;
  globalThis.fetch = async (...args) => {
    const answer = await ask(...args);
    if (!String(args[0]).includes("/results")) return answer;
    const body = await answer.arrayBuffer();
    globalThis.arrived = performance.now();
    return new Response(body, answer);
  };
  globalThis.shown = new Promise((done) => {
    const look = () => {
      if (document.querySelector("[role=gridcell]") === null) requestAnimationFrame(look);
      // The task behind this frame comes when it has been drawn.
      else setTimeout(() => done(performance.now()));
    };
    requestAnimationFrame(look);
  });
})()`;

function scroll(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((done) => {
    const grid = document.querySelector("[role=grid]");
    const times = [];
    let last = performance.now();
    const step = () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      grid.scrollLeft += 120;
      if (times.length < 151) requestAnimationFrame(step);
      else done(times.slice(1));
    };
    requestAnimationFrame(step);
  })`);
}
