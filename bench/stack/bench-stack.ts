import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePortBase } from "../../dev/stack/ports.ts";
import type { SandboxStackFile } from "../../dev/stack/stack-files.ts";
import { openStack, type StackOptions } from "../../dev/stack/stack.ts";

/** What happened in the sandbox, in its own time (DESIGN 8). `keys`: the CustomerKeys that a call names. */
export type LedgerEntry = {
  seq: number;
  at: number;
  event: "call" | "perform" | "done" | "applied";
  call?: string;
  keys?: readonly string[];
  taskId?: number;
  queryKey?: string;
  mid?: number;
};

/** A whole stack of real processes for one measurement, and the control API of its sandbox. */
export type BenchStack = {
  /** The stack's folder. */
  dir: string;
  file: () => SandboxStackFile;
  /** Calls the sandbox's control API (DESIGN 8), by POST when there is a body. */
  control<T>(path: string, body?: unknown): Promise<T>;
  clearFaults(): Promise<void>;
  /** What happened in the sandbox since an entry. */
  ledger(after: number): Promise<LedgerEntry[]>;
  /** Converts a time of the sandbox's clock to this machine's. */
  realTime(): Promise<(sandboxMs: number) => number>;
  stop(): Promise<void>;
};

/** A bench makes more calls for one business unit than its users do, so it would only measure the budget's waits. */
const amplyMany = "1000000";

/**
 * Starts a stack whose waits are divided by `scale` and whose sandbox runs faster by as much, so that all proportions stay.
 *
 * @param env further settings
 * @param ways how the parts reach one another, if not directly
 */
export async function openBenchStack(
  scale: number,
  env: Readonly<Record<string, string>> = {},
  ways: Pick<StackOptions, "ways"> = {},
): Promise<BenchStack> {
  const dir = await mkdtemp(join(tmpdir(), "sqe-bench-"));
  const { PATH, HOME, TMPDIR, REDIS_URL } = process.env;
  const scaled = scale === 1 ? {} : { SQE_TIME_SCALE: String(scale) };
  const caller = { PATH, HOME, TMPDIR, REDIS_URL, MCE_CALLS_PER_MINUTE: amplyMany, ...scaled, ...env };
  const stack = await openStack({ dir, portBase: await freePortBase(), env: caller, ...ways });
  const { sandbox } = stack.file();
  const control = <T>(path: string, body?: unknown) =>
    ask<T>(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    const answer = await fetch(`${sandbox}/sandbox/${path}`, init);
    if (!answer.ok) throw new Error(`Cannot ask the sandbox: ${path} answers ${answer.status} ${await answer.text()}`);
    // DESIGN 8 has the shapes of the control API; each bench names the part it reads.
    return (await answer.json()) as T;
  }
  await control("clock", { speed: scale });
  return {
    dir,
    file: () => stack.file(),
    control,
    async clearFaults() {
      await ask("faults", { method: "DELETE" });
    },
    ledger: async (after) => (await control<{ entries: LedgerEntry[] }>(`ledger?after=${after}`)).entries,
    async realTime() {
      const before = Date.now();
      const { now } = await control<{ now: number }>("state");
      const then = (before + Date.now()) / 2;
      return (sandboxMs) => then + (sandboxMs - now) / scale;
    },
    async stop() {
      await stack.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
