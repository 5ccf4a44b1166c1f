import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type InlineConfig } from "tsdown";
import { manifest, readme, readRoot } from "./manifest.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const common: InlineConfig = {
  cwd: root,
  config: false,
  logLevel: "error",
  format: "esm",
  clean: false,
  hash: false,
  // The package has no dependencies: what it uses is in its files.
  deps: { alwaysBundle: [/./], onlyBundle: false },
};

/** Bundles the client as one file without any import, for browsers, Node and workerd. @param hasTypes makes its types, too */
async function bundleClient(outDir: string, { hasTypes = false }: { hasTypes?: boolean } = {}): Promise<void> {
  await build({
    ...common,
    entry: { sqe: join(root, "src/client/sqe.ts") },
    outDir,
    platform: "neutral",
    target: "es2022",
    tsconfig: join(root, "scripts/package/tsconfig.json"),
    dts: hasTypes,
    outExtensions: () => ({ js: ".js", dts: ".d.ts" }),
  });
}

/** Bundles the command `sqe`. What few calls need, such as the reader of SQL, is a file of its own. */
export async function bundleCommand(outDir: string): Promise<void> {
  await build({
    ...common,
    entry: { cli: join(root, "src/cli/main.ts") },
    outDir,
    platform: "node",
    target: "node20",
    tsconfig: join(root, "src/cli/tsconfig.json"),
    dts: false,
    define: { SQE_VERSION: JSON.stringify((await readRoot(root)).version) },
    outExtensions: () => ({ js: ".js" }),
  });
  await chmod(join(outDir, "cli.js"), 0o755);
}

/** Builds the package `sqe`, the client and the command, into a folder. */
export async function buildPackage(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await Promise.all([bundleClient(outDir, { hasTypes: true }), bundleCommand(outDir)]);
  await writeFile(join(outDir, "package.json"), `${JSON.stringify(await manifest(root), null, 2)}\n`);
  await writeFile(join(outDir, "README.md"), readme);
}

/** Returns the client as one file of JavaScript. */
export async function builtClient(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "sqe-client-"));
  try {
    await bundleClient(dir);
    return await readFile(join(dir, "sqe.js"), "utf8");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
