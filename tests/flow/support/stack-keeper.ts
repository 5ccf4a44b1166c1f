import type { TestProject } from "vitest/node";
import { openLoopbackServer } from "../../../dev/stand-ins/loopback-server.ts";
import { startStack, type TestStack } from "./stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a test file asks for the stack that it shares with others. */
    stackKeeperUrl: string;
  }
}

/** Keeps one stack for all test files that can share it: it starts when the first one asks, and ends after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<TestStack> | undefined;
  const server = await openLoopbackServer(0, async () => {
    const { dir } = await (started ??= startStack({ SANDBOX_DURATION_MS: "300" }));
    return { status: 200, body: { dir } };
  });
  project.provide("stackKeeperUrl", server.url);
  return async () => {
    await server.close();
    await (await started)?.stop();
  };
}
