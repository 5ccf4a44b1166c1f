import { readFileSync } from "node:fs";

/** A recorded body; `recordings/README.md` says what each shows. */
export function recording(file: string): string {
  return readFileSync(new URL(`../recordings/${file}`, import.meta.url), "utf8");
}
