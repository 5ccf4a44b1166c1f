import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** ARCHITECTURE.md, "Folders": what each folder may import beside its own files and the platform's modules. */
const mayImport: Record<string, readonly RegExp[]> = {
  "src/lang": [],
  "src/protocol": [/^#lang\//, /^zod$/, /^\.\.\/\.\.\/package\.json$/],
  "src/api": [/^#(lang|protocol)\//, /^zod$/],
  "src/run": [/^#(lang|protocol)\//],
  "src/sql": [/^#lang\//],
  "src/db": [/^#lang\//, /^drizzle-orm/, /^@neondatabase\/serverless$/, /^zod$/],
  "src/async": [],
  "src/client": [/^#(lang|async)\//, /^eventsource-parser$/],
  "src/cli": [/^#(client|lang|sql)\//, /^node:/, /^commander$/, /^string-width$/, /^tinyglobby$/],
  "src/mce": [/^#(lang|async)\//, /^fast-xml-parser$/, /^zod$/],
  "src/grants": [/^#(lang|async|db|mce)\//],
  "src/budget": [/^#(lang|async|mce|protocol)\//, /^zod$/],
  "src/inspect": [/^#(lang|async|protocol|mce|sql)\//],
  "src/probe": [/^#(lang|async|mce|protocol|sql)\//, /^zod$/],
  "src/run-object": [/^#(lang|async|protocol|run|db)\//, /^zod$/, /^cloudflare:workers$/, /^@upstash\/redis/],
  "src/worker": [
    /^#(lang|async|api|protocol|run|db|mce|grants|budget|sql|inspect|run-object)\//,
    /^zod$/,
    /^jose$/,
    /^oauth4webapi$/,
    /^hono/,
    /^@modelcontextprotocol\/server$/,
    /^@upstash\/redis/,
  ],
  "src/queue-bridge": [
    /^#(lang|async|protocol|run|db|mce|grants|budget|sql|inspect)\//,
    /^zod$/,
    /^node:/,
    /^bullmq$/,
    /^ioredis$/,
    /^prom-client$/,
  ],
  console: [
    /^#client\//,
    /^#(sql|lang)\//,
    /^react(-dom)?(\/|$)/,
    /^react-aria-components$/,
    /^react-resizable-panels$/,
    /^@tanstack\/react-virtual$/,
    /^@codemirror\//,
    /^@lezer\/highlight$/,
    /^lucide-react$/,
    /^sql-formatter$/,
  ],
  sandbox: [/^node:/, /^fast-xml-parser$/, /^zod$/],
};

function filesOf(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"|(?:^|\n)import\s+"([^"]+)"/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** A relative import that stays in its own folder. */
function isInside(folder: string, file: string, specifier: string): boolean {
  return specifier.startsWith(".") && !relative(join(root, folder), join(file, "..", specifier)).startsWith("..");
}

describe("imports", () => {
  it.each(Object.entries(mayImport))("of %s stay within what the table allows", (folder, allowed) => {
    const strays = filesOf(folder).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !isInside(folder, file, specifier) && !allowed.some((door) => door.test(specifier)))
        .map((specifier) => `${relative(root, file)} imports ${specifier}`),
    );
    expect(strays).toEqual([]);
  });
});

describe("the Worker's bundle", () => {
  it("has no Node program, no TCP client and no WASM, and stays under 1 MB gzip", () => {
    const out = mkdtempSync(join(tmpdir(), "sqe-bundle-"));
    const wrangler = join(root, "node_modules/wrangler/wrangler-dist/cli.js");
    const args = [
      "--no-warnings",
      wrangler,
      "deploy",
      "--dry-run",
      "--outdir",
      out,
      "--metafile",
      join(out, "meta.json"),
    ];
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(out, "logs"), CI: "true" };
    const printed = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", env });
    const { inputs } = JSON.parse(readFileSync(join(out, "meta.json"), "utf8"));
    rmSync(out, { recursive: true });
    const strays = Object.keys(inputs).filter((input) =>
      /src\/queue-bridge|sandbox\/|dev\/|\.wasm$|node_modules\/(bullmq|ioredis|pg)\//.test(input),
    );
    expect(strays).toEqual([]);
    const gzipKiB = Number(/gzip: ([\d.]+) KiB/.exec(printed)?.[1]);
    expect(gzipKiB).toBeLessThan(1024);
  });
});
