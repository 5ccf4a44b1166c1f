import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { openCold } from "./cold-page.ts";

/** What the page loads before one can type, in KiB of gzip: its page, its scripts and its style sheet. */
export async function firstLoadKiB(): Promise<number> {
  const html = await readFile("dist/site/index.html", "utf8");
  const files = ["index.html", ...[...html.matchAll(/\/(assets\/[^"]+)"/g)].map(([, path]) => path)];
  const sizes = await Promise.all(
    files.map(async (path) => gzipSync(await readFile(`dist/site/${path}`), { level: 9 }).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** How long a browser that has nothing yet needs from the address to an editor that takes keys, in milliseconds. */
export async function editorReadyMs(url: string, slower: number): Promise<number> {
  const { page, close } = await openCold(slower);
  try {
    await page.goto(url);
    await page.locator(".cm-content").waitFor();
    return await page.evaluate<number>('performance.getEntriesByName("sqe-editor-ready")[0].startTime');
  } finally {
    await close();
  }
}
