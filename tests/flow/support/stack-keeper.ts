import type { TestProject } from "vitest/node";
import { openLoopbackServer } from "../../../dev/stand-ins/loopback-server.ts";
import { startStack, type TestStack } from "./stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a test file takes the stack that it shares with others, and gives it back. */
    stackKeeperUrl: string;
  }
}

/**
 * Keeps one stack for all test files that can share it, one at a time: it starts when the first one takes it, and ends after
 * the last.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<TestStack> | undefined;
  let isTaken = false;
  const waiting: (() => void)[] = [];
  const server = await openLoopbackServer(0, async ({ url }) => {
    if (url.pathname === "/return") {
      isTaken = waiting.length > 0;
      waiting.shift()?.();
      return { status: 200, body: {} };
    }
    if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve));
    isTaken = true;
    const { dir } = await (started ??= startStack({ SANDBOX_DURATION_MS: "300" }));
    return { status: 200, body: { dir } };
  });
  project.provide("stackKeeperUrl", server.url);
  return async () => {
    await server.close();
    await (await started)?.stop();
  };
}
