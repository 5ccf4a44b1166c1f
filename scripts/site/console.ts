import { join } from "node:path";
import locales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { build, type InlineConfig } from "vite";

/** What Vite has to know of the console, whether it builds it or serves it for development. */
export function consoleConfig(root: string): InlineConfig {
  return {
    root: join(root, "console"),
    configFile: false,
    publicDir: join(root, "site"),
    cacheDir: join(root, "node_modules/.vite/console"),
    logLevel: "warn",
    // The page is in English only; without this it carries the widgets' words in 30 languages.
    plugins: [react(), { ...locales.vite({ locales: ["en-US"] }), enforce: "pre" }],
    build: {
      target: "es2023",
      // Would be a script in the page, and a data: address that our policy refuses.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      copyPublicDir: false,
      write: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
    },
  };
}

/**
 * The one style sheet begins with the order of its layers, as `console/styles/page.css` does: the build puts the sheets of
 * other chunks before that, and then the first layer it meets would count least.
 */
function withLayers({ fileName, source }: { fileName: string; source: string | Uint8Array }): string | Uint8Array {
  return fileName.endsWith(".css") ? `@layer reset,tokens,parts,screens;${source.toString()}` : source;
}

/** Builds the console. @returns its files by their paths below the site's folder */
export async function builtConsole(root: string): Promise<Map<string, string | Uint8Array>> {
  // Vite reads it, and React's development code is three times as large. The tests set it to "test".
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    const built = await build({ ...consoleConfig(root), mode: "production" });
    if (!("output" in built)) throw new Error("Cannot build the console: Vite gave no single output");
    return new Map(built.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : withLayers(file)]));
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}
