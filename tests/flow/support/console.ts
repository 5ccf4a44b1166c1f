import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished } from "vitest";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { browserMs, hasChromium, heedComplaints } from "./chromium.ts";

/** For one step in a browser on a busy machine. */
const patienceMs = 40_000;

/** A page of the console in a window of its own. */
export type Console = {
  page: Page;
  /** What the content security policy refused, what was thrown, and what axe found so far. */
  complaints: string[];
  /** The words of the result's status. */
  status: (text: string | RegExp) => Promise<void>;
  /** Types into the editor's end. */
  type: (text: string) => Promise<void>;
  /** Replaces the whole text of the editor, without completion. */
  write: (sql: string) => Promise<void>;
  /** Runs what is there, and waits for rows. */
  runToRows: () => Promise<void>;
  /** Lets axe look at the page as it is. */
  audit: (state: string) => Promise<void>;
  /** Keeps a picture, where SQE_SCREENSHOTS names a folder. */
  picture: (name: string) => Promise<void>;
};

export type WindowOptions = {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  context?: BrowserContext;
};

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens the console. @param path where in it */
export async function openConsole(browser: Browser, url: string, options: WindowOptions = {}): Promise<Console> {
  const { width = 1360, height = 860, colorScheme = "light" } = options;
  const context = options.context ?? (await browser.newContext({ viewport: { width, height }, colorScheme }));
  if (options.context === undefined) onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const complaints = await heedComplaints(page);
  await page.goto(url);
  return handle(page, page, complaints);
}

/** The console in a frame of a page that is open. */
export type Framed = Omit<Console, "page"> & { frame: Frame };

/** Takes a window whose page frames the console. */
export function framedIn({ page, complaints }: Console): Framed {
  const frame = page.frames()[1];
  if (frame === undefined) throw new Error("The page has no frame");
  return { ...handle(page, frame, complaints), frame };
}

/** Opens the console and signs in with the sandbox, by one click. */
export async function openSignedIn(browser: Browser, edge: string, options: WindowOptions = {}): Promise<Console> {
  const opened = await openConsole(browser, `${edge}/`, options);
  await opened.page.getByRole("button", { name: "Try it with the sandbox" }).click();
  await opened.page.locator(".cm-content").waitFor();
  await opened.page
    .getByRole("treeitem", { name: "Customers" })
    .or(opened.page.locator("html:not(:has([role=tree]))"))
    .first()
    .waitFor();
  return opened;
}

/** Gives the tests of a file one window of the console, signed in with the sandbox. */
export function useWindow(browser: () => Browser, stack: { edge: string }): () => Console {
  let own: Console | undefined;
  beforeAll(async () => {
    if (!hasChromium) return;
    const context = await browser().newContext({ viewport: { width: 1360, height: 860 } });
    own = await openSignedIn(browser(), stack.edge, { context });
  }, browserMs);
  return () => {
    if (own === undefined) throw new Error("There is no window");
    return own;
  };
}

/** @param inside where the console is: the page itself, or its frame */
function handle(page: Page, inside: Page | Frame, complaints: string[]): Console {
  const editor = inside.locator(".cm-content");
  return {
    page,
    complaints,
    status: async (text) => {
      await inside.locator("section[aria-label=Result] header [role=status]", { hasText: text }).waitFor();
    },
    type: async (text) => {
      await editor.focus();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(text, { delay: 20 });
    },
    write: async (sql) => {
      await editor.focus();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(sql);
      await page.keyboard.press("Escape");
    },
    runToRows: async () => {
      await editor.focus();
      await page.keyboard.press("Control+Enter");
      const result = inside.locator("section[aria-label=Result]");
      await expect.poll(() => result.innerText(), { timeout: patienceMs }).toMatch(/^Done/m);
      await inside.getByRole("gridcell").first().waitFor();
    },
    audit: async (state) => {
      if (!(await inside.evaluate("'axe' in globalThis"))) await inside.evaluate(await axe);
      const found = await inside.evaluate(async () => {
        // The script above has put it there.
        const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
        const { violations } = await checker.run();
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, any }) => `${id}: ${html.slice(0, 140)} ${any[0]?.message ?? ""}`),
        );
      });
      complaints.push(...found.map((text) => `${state}: axe ${text}`));
    },
    picture: async (name) => {
      const dir = process.env["SQE_SCREENSHOTS"];
      if (dir === undefined) return;
      await mkdir(dir, { recursive: true });
      await page.screenshot({ path: join(dir, `${name}.png`) });
    },
  };
}

type Violation = { id: string; nodes: { html: string; any: { message: string }[] }[] };

/** The text that the page copied last, as another program would get it. */
export async function copied(page: Page): Promise<string> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  // The types here are Node's, whose navigator has no clipboard.
  return page.evaluate(() =>
    (
      globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }
    ).navigator.clipboard.readText(),
  );
}

/** Expects that nothing was refused, thrown or found. */
export function expectNoComplaints({ complaints }: Console): void {
  // A window may be shared by tests, each of which has its own complaints.
  expect(complaints.splice(0)).toEqual([]);
}
