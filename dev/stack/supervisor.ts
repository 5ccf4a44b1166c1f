import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnPart, type Part } from "./part.ts";
import { signalGroup } from "./process-table.ts";

export type Supervisor = {
  /**
   * Starts a part, and restarts it when it ends.
   *
   * @throws when it ends before it is ready, or is not ready within 60 s; the message has the end of its log
   */
  start(part: Part): Promise<void>;
  /** Undefined for a part that is not running. */
  pidOf(name: string): number | undefined;
  /** Ends every part by SIGTERM; one that still runs after 2 s is killed. */
  stop(): Promise<void>;
};

export type SupervisorOptions = {
  logsDir: string;
  /** Whether a part that ended is restarted. */
  restarts: boolean;
  say(line: string): void;
  /** Receives the running process groups, whenever they change. */
  onGroups(leaders: number[]): void;
  /** Called when a restarted part is ready. */
  onRestart(): Promise<void>;
};

type Running = { child: ChildProcess; since: number; ended: Promise<void>; ready: Promise<void> };

const readyMs = 60_000;
const graceMs = 2000;
// A part that ended within 3 s is restarted after a pause, still well within the 2 s of DESIGN section 6.
const youngMs = 3000;
const pauseMs = 1000;
const logCheckMs = 250;
const logLines = 30;

/** Opens a supervisor without parts. */
export function openSupervisor(options: SupervisorOptions): Supervisor {
  const running = new Map<string, Running>();
  let isStopping = false;

  const launch = async (part: Part): Promise<Running> => {
    const logFile = join(options.logsDir, `${part.name}.log`);
    const { child, ended } = await spawnPart(part, logFile);
    const ready = usable(part, child, ended, logFile);
    // Its waiters get the rejection; after an early stop there may be none.
    ready.catch(() => undefined);
    const one = { child, since: Date.now(), ended, ready };
    running.set(part.name, one);
    options.onGroups(leaders(running));
    if (isStopping) signal(one, "SIGKILL");
    return one;
  };

  const keep = async (part: Part, first: Running): Promise<void> => {
    let one = first;
    for (;;) {
      await one.ended;
      if (isStopping) return;
      // Its children may still run, as workerd does when only wrangler is killed.
      signal(one, "SIGKILL");
      running.delete(part.name);
      options.onGroups(leaders(running));
      options.say(`${part.name} ended (${howEnded(one.child)})${options.restarts ? "; restarting it" : ""}`);
      if (!options.restarts) return;
      if (Date.now() - one.since < youngMs) await sleep(pauseMs);
      if (isStopping) return;
      one = await launch(part);
      one.ready.then(() => options.onRestart()).catch((error: unknown) => options.say(messageOf(error)));
    }
  };

  return {
    start: async (part) => {
      const one = await launch(part);
      await one.ready;
      keep(part, one).catch((error: unknown) => options.say(messageOf(error)));
    },
    pidOf: (name) => running.get(name)?.child.pid,
    stop: async () => {
      isStopping = true;
      const all = [...running.values()];
      for (const one of all) signal(one, "SIGTERM");
      await Promise.race([Promise.all(all.map(({ ended }) => ended)), sleep(graceMs)]);
      // Also the groups of parts that ended: a group can outlive its leader.
      for (const one of all) signal(one, "SIGKILL");
      await Promise.all(all.map(({ ended }) => ended));
      running.clear();
      options.onGroups([]);
    },
  };
}

/** Settles when a part is ready; rejects when it ends before, logs that it never will be, or takes too long. */
async function usable(part: Part, child: ChildProcess, ended: Promise<void>, logFile: string): Promise<void> {
  const outcome = Promise.race([part.isReady(child).then(() => "ready" as const), ended.then(() => "ended" as const)]);
  const until = Date.now() + readyMs;
  const readLog = () => readFile(logFile, "utf8").catch(() => "");
  for (;;) {
    const now = await Promise.race([outcome, sleep(logCheckMs, "waiting" as const)]);
    if (now === "ready") return;
    const log = await readLog();
    const tail = log === "" ? "" : `; its log ends with\n${log.trimEnd().split("\n").slice(-logLines).join("\n")}`;
    if (now === "ended") throw new Error(`Cannot start ${part.name}: ${howEnded(child)}${tail}`);
    if (part.hopeless?.test(log))
      throw new Error(`Cannot start ${part.name}: it waits for a change of its source${tail}`);
    if (Date.now() > until) throw new Error(`Cannot start ${part.name}: not ready after ${readyMs} ms${tail}`);
  }
}

function leaders(running: ReadonlyMap<string, Running>): number[] {
  return [...running.values()].flatMap(({ child }) => child.pid ?? []);
}

function signal({ child }: Running, name: NodeJS.Signals): void {
  if (child.pid !== undefined) signalGroup(child.pid, name);
}

function howEnded({ pid, exitCode, signalCode }: ChildProcess): string {
  if (pid === undefined) return "the program could not be started";
  return `pid ${pid}, ${signalCode === null ? `exit code ${exitCode}` : `signal ${signalCode}`}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
