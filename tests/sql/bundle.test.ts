import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../src/sql/", import.meta.url));

/** What MCE's errors mean, in words: a browser may load it when it is needed, or ask the edge. */
const prose = ["error-catalogue.ts", "error-refusals.ts"];

/** Bundles every file of src/sql but the prose for a browser. */
async function bundled(): Promise<{ code: string; inputs: string[] }> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const own = files.filter((file) => file.endsWith(".ts") && !prose.includes(file));
  const contents = own.map((file, index) => `export * as file${index} from "./${file}";`).join("\n");
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    external: prose.map((file) => `./${file}`),
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
  it("is all there in at most 60 KiB gzip without the catalogue's prose, and needs nothing of Node", async () => {
    const { code, inputs } = await bundled();
    expect(inputs.length).toBeGreaterThan(90);
    expect(inputs.filter((input) => !/^src\/(?:sql|lang)\/|^<stdin>$/.test(input))).toEqual([]);
    const kib = gzipSync(code, { level: 9 }).length / 1024;
    console.log(`src/sql for a browser: ${kib.toFixed(1)} KiB gzip, ${(code.length / 1024).toFixed(0)} KiB minified`);
    expect(kib).toBeLessThanOrEqual(60);
  });
});
