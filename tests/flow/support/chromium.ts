import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { isLong } from "../../support/tier.ts";

/** For one step in a browser on a busy machine. */
const patienceMs = 60_000;
const path = "/usr/bin/chromium";

export const hasChromium = existsSync(path);

/** A test that needs Debian's Chromium; elsewhere it is skipped. */
export const chromiumTest: ReturnType<typeof test.runIf> = test.runIf(hasChromium);

/** A test of the long tier alone, in a browser. */
export const longChromiumTest: ReturnType<typeof test.runIf> = test.runIf(hasChromium && isLong);

if (!hasChromium) console.log(`Skipped: what needs a browser, because there is no ${path}`);

/** For a whole test in a browser on a busy machine. */
export const browserMs = 180_000;

/** Gives the tests of a file one browser; only tests may ask for it. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (hasChromium) browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error("Chromium did not start");
    return browser;
  };
}

/** Opens the browser, with further switches of its command line. The caller closes it. */
export function openBrowser(...switches: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: ["--no-sandbox", ...switches] });
}

/**
 * Opens a page, and collects what its content security policy refuses and what it throws.
 *
 * @param browser or one of its contexts, whose pages share cookies
 */
export async function openPage(
  browser: Pick<Browser, "newPage"> | BrowserContext,
  url: string,
): Promise<{ page: Page; complaints: () => string[] }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(patienceMs);
  const complaints = await heedComplaints(page);
  await page.goto(url);
  return { page, complaints: () => complaints };
}

/** Collects what the content security policy of a new page refuses, and what the page throws. */
export async function heedComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  await page.exposeFunction("complain", (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    // Runs in the page, where the function above is.
    const { complain } = globalThis as unknown as { complain: (text: string) => void };
    globalThis.addEventListener("securitypolicyviolation", (event) => {
      // The types here are those of Node, which has no such event.
      const { violatedDirective, blockedURI } = event as Event & Record<"violatedDirective" | "blockedURI", string>;
      complain(`${violatedDirective} ${blockedURI}`);
    });
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

const shotsDir = process.env["SQE_SCREENSHOTS"];

/** Takes a picture for people; a test run makes none unless it is told where. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (shotsDir === undefined) return;
  await mkdir(shotsDir, { recursive: true });
  await page.screenshot({ path: `${shotsDir}/${name}.png`, fullPage: true });
}
