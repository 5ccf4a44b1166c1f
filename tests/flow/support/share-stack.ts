import { afterAll, beforeAll, inject } from "vitest";
import { readStackFile, type SandboxStackFile } from "../../../dev/stack/stack-files.ts";
import { sharedStack, startStack, type SharedStack, type TestStack } from "./stack.ts";

/** How long the files before this one may take together, on a busy machine. */
const patienceMs = 400_000;

/** Gives the tests of a file a stack that files share which need no settings of their own; only hooks and tests may look into it. */
export function useSharedStack(): SharedStack {
  // Empty until the hook has run.
  const stack = {} as SharedStack;
  beforeAll(async () => void Object.assign(stack, await take()), patienceMs);
  afterAll(() => ask(`return?${new URLSearchParams({ dir: stack.dir }).toString()}`));
  return stack;
}

/** Gives the tests of a file a stack of their own, with settings. */
export function useStack(env: Readonly<Record<string, string>>): SharedStack {
  const stack = {} as TestStack;
  beforeAll(async () => void Object.assign(stack, await startStack(env)));
  afterAll(() => stack.stop());
  return stack;
}

async function take(): Promise<SharedStack> {
  const { dir } = await ask("take");
  const file = dir === undefined ? undefined : await readStackFile(dir);
  if (dir === undefined || file === undefined) throw new Error("There is no stack to share");
  // A stack of the tests runs on a sandbox.
  return sharedStack(dir, file as SandboxStackFile);
}

async function ask(what: string): Promise<{ dir?: string }> {
  const answer = await fetch(`${inject("stackKeeperUrl")}/${what}`);
  if (!answer.ok) throw new Error(`Cannot ${what} a shared stack: ${await answer.text()}`);
  // What the keeper writes.
  return (await answer.json()) as { dir?: string };
}
