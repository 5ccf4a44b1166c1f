import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { buildSite } from "../../scripts/site/build.ts";
import { tempDir } from "../support/temp-dir.ts";

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();
}

it("buildSite() makes every file once, and again only one that is missing", async () => {
  const dir = join(await tempDir(), "site");
  expect(await buildSite(dir)).toMatchObject({ isNew: true });
  const made = await filesIn(dir);
  expect(made).toEqual(
    expect.arrayContaining(["_headers", "openapi.json", join("docs", "index.html"), join("client", "sqe.js")]),
  );
  const [folder, page] = await Promise.all([stat(dir), stat(join(dir, "docs/index.html"))]);
  expect(await buildSite(dir)).toMatchObject({ isNew: false, files: made.length });

  await rm(join(dir, "openapi.json"));
  expect(await buildSite(dir)).toMatchObject({ isNew: true });
  expect(await filesIn(dir)).toEqual(made);
  expect([(await stat(dir)).ino, (await stat(join(dir, "docs/index.html"))).mtimeMs]).toEqual([
    folder.ino,
    page.mtimeMs,
  ]);
});

it("buildSite() makes everything anew when a source has changed, and removes what is no longer made", async () => {
  const dir = join(await tempDir(), "site");
  await buildSite(dir);
  const made = await filesIn(dir);
  const manifest = JSON.parse(await readFile(`${dir}.json`, "utf8"));
  await writeFile(join(dir, "old.js"), "");
  await writeFile(`${dir}.json`, JSON.stringify({ sources: "others", files: [...manifest.files, "old.js"] }));
  expect(await buildSite(dir)).toMatchObject({ isNew: true });
  expect(await filesIn(dir)).toEqual(made);
});
