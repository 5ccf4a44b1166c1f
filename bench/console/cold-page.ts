import { chromium, type Page } from "playwright-core";

/**
 * Opens a browser of a new profile, so without any cache, for somebody whose session lasts: the page asks nobody for a
 * sign-in, and is the first that this browser loads.
 *
 * @param slower by how much its processor is slowed down; 1: not at all
 */
export async function openCold(slower = 1): Promise<{ page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // As text, because the types here are Node's.
  await page.addInitScript('sessionStorage.setItem("sqe.sandbox", "1")');
  const devTools = await page.context().newCDPSession(page);
  if (slower > 1) await devTools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  return { page, close: () => browser.close() };
}
