import { readFile } from "node:fs/promises";
import { readOwner } from "../../../dev/stack/stack-files.ts";

/** Ends a stack's Postgres, which is no part that stack.json names; its supervisor starts it again. @param dir the stack's folder */
export async function endPostgres(dir: string): Promise<void> {
  for (const { pid } of (await readOwner(dir))?.leaders ?? []) {
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (words.includes("postgres-process")) return void process.kill(pid, "SIGKILL");
  }
  throw new Error("Cannot end Postgres: it does not run");
}
