#!/usr/bin/env node
// npx sqe: the command as `npm run build` made it; made now if it is missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const command = at("dist/command/cli.js");
if (!existsSync(command)) {
  // TypeScript runs unbuilt on the Node of the devDependencies; this one may be older. stdout is for data.
  const { status } = spawnSync(at("node_modules/.bin/node"), [at("scripts/build.ts")], { stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
await import(new URL("../dist/command/cli.js", import.meta.url));
