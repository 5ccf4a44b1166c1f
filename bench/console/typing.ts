import { setTimeout as sleep } from "node:timers/promises";
import { openCold } from "./cold-page.ts";

/** What a minute of typing costs. */
type Typing = { keys: number; seconds: number; callsToMce: number; callsToEdge: number; slowestKeyMs: number };

const condition = "c.LoyaltyPoints > 100 AND c.Country = 'DE' AND c.FirstName LIKE 'A%' AND c.IsVIP = 1";
/** More than fits into the minute; the end is a comment, so that a condition is not there twice. */
const text = ` c WHERE ${condition} /* without ${condition}, as they asked`;
/** Bursts with pauses to think, so short that keys are less than a second apart on a busy machine, too: milliseconds before each key, over and over. */
const rhythmMs = [90, 140, 110, 400, 120, 900, 160, 130, 720, 900, 100, 850];
const typingMs = 60_000;

/** Types for a minute into a query whose fields the page knows. @param ledger lists the calls that Marketing Cloud has had */
export async function measureTyping(url: string, ledger: () => Promise<readonly string[]>): Promise<Typing> {
  const { page, close } = await openCold();
  try {
    await page.goto(url);
    const editor = page.locator(".cm-content");
    await editor.focus();
    await page.keyboard.insertText("SELECT c.CustomerKey, c.FirstName FROM Customers");
    // By then the fields are known, and what was asked for that text is answered.
    await sleep(6000);
    await page.evaluate(watchKeys);
    const before = (await ledger()).length;
    let callsToEdge = 0;
    page.on("request", () => (callsToEdge += 1));
    const begin = Date.now();
    let keys = 0;
    while (Date.now() - begin < typingMs) {
      await sleep(rhythmMs[keys % rhythmMs.length]);
      await page.keyboard.type(text[keys % text.length] ?? "");
      keys += 1;
    }
    const seconds = (Date.now() - begin) / 1000;
    const callsToMce = (await ledger()).length - before;
    return {
      keys,
      seconds,
      callsToMce,
      callsToEdge,
      slowestKeyMs: await page.evaluate<number>("globalThis.slowestKey"),
    };
  } finally {
    await close();
  }
}

/** Keeps the longest time from a key to the frame that shows it. As text, because the types here are Node's. */
const watchKeys = `globalThis.slowestKey = 0;
new PerformanceObserver((list) => {
  for (const { name, duration } of list.getEntries())
    if (name === "keydown") globalThis.slowestKey = Math.max(globalThis.slowestKey, duration);
}).observe({ type: "event", durationThreshold: 16 });`;
