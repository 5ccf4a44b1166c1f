import type { TestProject } from "vitest/node";
import { openLoopbackServer } from "../../../dev/stand-ins/loopback-server.ts";
import { startStack, type TestStack } from "./stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a test file takes the stack that it shares with others, and gives it back. */
    stackKeeperUrl: string;
  }
}

/** With one stack, most files would wait for one another; more would wait for the processor. */
const stacksMax = 2;

/** Keeps the stacks for all test files that can share one, each for one file at a time. They end after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stacks = new Map<string, TestStack>();
  const idle: TestStack[] = [];
  const waiting: PromiseWithResolvers<TestStack>[] = [];
  let starts = 0;

  async function take(): Promise<TestStack> {
    const free = idle.pop();
    if (free !== undefined) return free;
    if (starts < stacksMax) return start();
    const waiter = Promise.withResolvers<TestStack>();
    waiting.push(waiter);
    return waiter.promise;
  }

  async function start(): Promise<TestStack> {
    starts += 1;
    try {
      const stack = await startStack({ SANDBOX_DURATION_MS: "300" });
      stacks.set(stack.dir, stack);
      return stack;
    } catch (error) {
      starts -= 1;
      waiting.shift()?.reject(error);
      throw error;
    }
  }

  function giveBack(dir: string): void {
    const stack = stacks.get(dir);
    if (stack === undefined) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(stack);
    else next.resolve(stack);
  }

  const server = await openLoopbackServer(0, async ({ url }) => {
    if (url.pathname === "/take") return { status: 200, body: { dir: (await take()).dir } };
    giveBack(url.searchParams.get("dir") ?? "");
    return { status: 200, body: {} };
  });
  project.provide("stackKeeperUrl", server.url);
  return async () => {
    await server.close();
    await Promise.all([...stacks.values()].map((stack) => stack.stop()));
  };
}
