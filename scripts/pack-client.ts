import { execFileSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildPackage } from "./package/build.ts";

// npm run pack:client: builds the package `sqe`, judges it as those who install it will see it, and packs it.
const root = fileURLToPath(new URL("../", import.meta.url));
const folder = `${root}dist/package`;

const call = (program: string, ...args: string[]) =>
  execFileSync(`${root}node_modules/.bin/${program}`, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await buildPackage(folder);
call("publint", "run", "--strict");
// The package is for `import` alone, and has no entry for the resolution of old TypeScript.
call("attw", "--pack", ".", "--profile", "esm-only", "--no-emoji");
const packed = execFileSync("npm", ["pack", "--pack-destination", `${root}dist`, "--json"], { cwd: folder });
const [{ filename } = { filename: "" }] = JSON.parse(packed.toString()) as { filename: string }[];
console.log(`dist/${filename}`);
