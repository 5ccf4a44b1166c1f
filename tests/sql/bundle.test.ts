import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../src/sql/", import.meta.url));

/**
 * What MCE's errors mean, in words: a browser may load it when it is needed, or ask the edge. So it may with the catalogues of
 * functions and views.
 */
const prose = ["error-catalogue.ts", "error-refusals.ts", "mce-errors.ts"];

/** What an editor in a browser asks: what is wrong, what may stand here, what there is. All else comes with these or stays away. */
const doors = ["check.ts", "syntax/scope-at.ts", "functions/catalogue.ts", "data-view-catalogue.ts"];

/** Bundles files of src/sql for a browser, without the prose. */
async function bundled(files: readonly string[]): Promise<{ code: string; inputs: string[] }> {
  const contents = files.map((file, index) => `export * as file${index} from "./${file}";`).join("\n");
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    external: [...prose.map((file) => `./${file}`), "*.prose.json"],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  return { code: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs) };
}

describe("src/sql in a browser", () => {
  it("needs nothing of Node, in any of its files", async () => {
    const files = readdirSync(root, { recursive: true, encoding: "utf8" });
    const { inputs } = await bundled(files.filter((file) => file.endsWith(".ts") && !prose.includes(file)));
    expect(inputs.length).toBeGreaterThan(90);
    expect(inputs.filter((input) => !/^src\/(?:sql|lang)\/|^<stdin>$/.test(input))).toEqual([]);
  });

  it("takes at most 60 KiB gzip without the catalogues' prose", async () => {
    const { code } = await bundled(doors);
    const kib = gzipSync(code, { level: 9 }).length / 1024;
    console.log(`src/sql for a browser: ${kib.toFixed(1)} KiB gzip, ${(code.length / 1024).toFixed(0)} KiB minified`);
    expect(kib).toBeLessThanOrEqual(60);
  });
});
