import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** For each process of edge tests: variables of the Worker under test, and under TEST_ what only the tests read. */
    edgeBindings: readonly Record<string, string>[];
  }
}

/**
 * Starts what the Worker talks to, once for all edge tests. In a process of its own, because what is
 * imported here is resolved for workerd.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = fileURLToPath(new URL("edge-stand-ins.ts", import.meta.url));
  const child = fork(program, [String(project.config.maxWorkers)], { execArgv: ["--no-warnings"] });
  const ended = once(child, "exit");
  const early = ended.then(([code]) =>
    Promise.reject(new Error(`The stand-ins ended with ${code} before they were up`)),
  );
  const [bindings] = await Promise.race([once(child, "message"), early]);
  // Nothing waits for this any more: from here on we end it.
  early.catch(() => undefined);
  project.provide("edgeBindings", bindings);
  return async () => {
    child.disconnect();
    await ended;
  };
}
