import { inject } from "vitest";
import { readStackFile, type SandboxStackFile } from "../../../dev/stack/stack-files.ts";
import { sharedStack, type SharedStack } from "./stack.ts";

/** The stack of all files that need no settings of their own; the first one that asks waits for its start. */
export async function shareStack(): Promise<SharedStack> {
  const answer = await fetch(inject("stackKeeperUrl"));
  // What the keeper writes.
  const { dir, error } = (await answer.json()) as { dir?: string; error?: string };
  const file = dir === undefined ? undefined : await readStackFile(dir);
  if (dir === undefined || file === undefined) throw new Error(`There is no stack to share: ${error}`);
  // A stack of the tests runs on a sandbox.
  return sharedStack(dir, file as SandboxStackFile);
}
