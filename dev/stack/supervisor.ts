import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnPart, type Part } from "./part.ts";
import { signalGroup } from "./process-table.ts";

export type Supervisor = {
  /**
   * Starts a part and keeps it alive from then on.
   *
   * @throws when it ends, or is silent for 60 s, before it is ready; the end of its log is in the message
   */
  start(part: Part): Promise<void>;
  /** Undefined for a part that does not run. */
  pidOf(name: string): number | undefined;
  /** Ends every part; what has not ended on SIGTERM within 2 s is killed. */
  stop(): Promise<void>;
};

export type SupervisorOptions = {
  logsDir: string;
  /** Whether a part that ended is started again. */
  restarts: boolean;
  say(line: string): void;
  /** Told the process groups that run, whenever they change. */
  onGroups(leaders: number[]): void;
  /** Called when a part that ended is ready again. */
  onRestart(): Promise<void>;
};

type Running = { child: ChildProcess; since: number; ended: Promise<void>; ready: Promise<void> };

const readyMs = 60_000;
const graceMs = 2000;
// A part that ended young is not started again at once; still well within the 2 s of DESIGN section 6.
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
    // Whoever waits for it hears of it; nobody may be waiting when a stop comes first.
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
      // What it started may have outlived it, as workerd does when only wrangler is killed.
      signal(one, "SIGKILL");
      running.delete(part.name);
      options.onGroups(leaders(running));
      options.say(`${part.name} ended (${howEnded(one.child)})${options.restarts ? "; starting it again" : ""}`);
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
      // Also the groups of those that ended: a group can outlive its leader.
      for (const one of all) signal(one, "SIGKILL");
      await Promise.all(all.map(({ ended }) => ended));
      running.clear();
      options.onGroups([]);
    },
  };
}

/** Settles when a part can be used; rejects when it ends before, says that it is hopeless, or takes too long. */
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
    if (part.hopeless?.test(log)) throw new Error(`Cannot start ${part.name}: it waits for a change${tail}`);
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
