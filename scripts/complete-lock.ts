import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { completeLock, readLock } from "./lock-file.ts";

// npm run lock: adds the other platforms' builds to the lock, which npm leaves out where the registry does not serve them;
// `npm ci` then refuses the lock. It changes no existing entry. Run it after every change of a dependency.
const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const { lock, added, unclear } = completeLock(readLock(await readFile(path, "utf8")));
await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);

console.log(`${added.length} optional packages added to package-lock.json${added.length === 0 ? "" : ":"}`);
for (const line of added) console.log(`  ${line}`);
for (const line of unclear) console.error(`Cannot add ${line}: its name or version is not clear; add it by hand`);
process.exitCode = unclear.length === 0 ? 0 : 1;
