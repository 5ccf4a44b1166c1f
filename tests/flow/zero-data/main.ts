import process from "node:process";
import { isClean } from "./judge.ts";
import { proveZeroData } from "./prove.ts";

// npm run prove:zero-data: prints where canaries were found, and exits with 1 when one is where it may not be.
const startedAt = Date.now();
const proof = await proveZeroData((line) => console.log(`${elapsed()} s  ${line}`));
console.log(`\n${proof.table}\n\n${elapsed()} s`);
process.exit(isClean(proof) ? 0 : 1);

function elapsed(): string {
  return ((Date.now() - startedAt) / 1000).toFixed(0).padStart(3);
}
