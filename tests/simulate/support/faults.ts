import type { VirtualClock } from "../../calm/support/virtual-clock.ts";
import { fault as sandboxFault, type Fault } from "../../../sandbox/faults.ts";
import type { SimulatedBridge } from "./bridge.ts";
import type { History } from "./history.ts";
import type { Crash } from "./life.ts";
import type { ModelLines } from "./lines.ts";
import type { Fate } from "./network.ts";
import type { ModelPostgres } from "./postgres.ts";
import type { ModelQueue } from "./queue.ts";
import type { ModelRedis } from "./redis.ts";
import type { RunObjects } from "./run-objects.ts";
import { mceFaults, type FaultPlan, type Script } from "./script.ts";

/** What the faults of a script act on. */
export type Scene = {
  clock: VirtualClock;
  history: History;
  redis: ModelRedis;
  queue: ModelQueue;
  lines: ModelLines;
  postgres: ModelPostgres;
  objects: RunObjects;
  bridges: readonly (SimulatedBridge | undefined)[];
  startBridge: (index: number) => void;
};

type Cut = "edge cut from Redis" | "bridges cut from edge";

/** The faults of a script, and when they come. */
export type Faults = ReturnType<typeof openFaults>;

/** Opens the faults of a script. */
export function openFaults({ faults }: Script) {
  const cuts = new Set<Cut>();
  const asked = new Map<string, number>();
  let commands = 0;
  let isEnded = false;

  /** Faults of messages are counted for each verb. */
  function fateOf(verb: string, delayMs: number): Fate {
    if (cuts.has("bridges cut from edge")) return { kind: "lost" };
    const nth = (asked.get(verb) ?? 0) + 1;
    asked.set(verb, nth);
    const planned = faults.find((one) => one.kind === "message" && one.verb === verb && one.nth === nth);
    if (isEnded || planned?.kind !== "message") return { kind: "answered", delayMs };
    switch (planned.fate) {
      case "lost":
        return { kind: "lost" };
      case "unanswered":
        return { kind: "unanswered", delayMs: delayMs + planned.ms };
      case "repeated":
        return { kind: "repeated", delayMs, againMs: planned.ms };
    }
  }

  function lasting(scene: Scene, forMs: number, what: string, isOn: (on: boolean) => void): void {
    scene.history.note("fault", what);
    isOn(true);
    scene.clock.at(scene.clock.now() + forMs, () => {
      if (isEnded) return;
      scene.history.note("fault", `${what}: over`);
      isOn(false);
    });
  }

  function begin(one: Extract<FaultPlan, { at: number }>, scene: Scene): void {
    const { redis, postgres, history } = scene;
    switch (one.kind) {
      case "stall":
        history.note("fault", `bridge ${one.bridge} stands still for ${one.forMs} ms`);
        return scene.bridges[one.bridge]?.life.stall(one.forMs);
      case "deploy":
        return void scene.bridges[one.bridge]?.leave();
      case "redis away":
        return lasting(scene, one.forMs, one.kind, (on) => redis.setUp(!on));
      case "redis emptied":
        history.note("fault", one.kind);
        for (const part of [redis, scene.queue, scene.lines]) part.clear();
        return undefined;
      case "edge restart":
        history.note("fault", one.kind);
        return scene.objects.restart();
      case "Postgres away":
        return lasting(scene, one.forMs, one.kind, (on) => postgres.setUp(!on));
      case "edge cut from Redis":
      case "bridges cut from edge":
        return lasting(scene, one.forMs, one.kind, (on) => void (on ? cuts.add(one.kind) : cuts.delete(one.kind)));
    }
  }

  return {
    /** When the last fault that has a time is over, from the start. */
    lastMs: Math.max(0, ...faults.map((one) => ("at" in one ? one.at + ("forMs" in one ? one.forMs : 0) : 0))),
    /** Begins one now. */
    begin,
    isCut: (cut: Cut) => cuts.has(cut),
    fateOf,
    isCommandLost(): boolean {
      commands += 1;
      return !isEnded && faults.some((one) => one.kind === "command lost" && one.nth === commands);
    },
    /** Where the nth life of a bridge ends. */
    crashOf(bridge: number, nth: number): (Crash & { downMs: number })[] {
      const own = faults.filter((one) => one.kind === "crash" && one.bridge === bridge);
      const planned = own[nth];
      return planned?.kind === "crash" && !isEnded ? [planned] : [];
    },
    /** The faults of Marketing Cloud, as the sandbox takes them. */
    ofMce: (): Fault[] =>
      faults.flatMap((one) => {
        if (one.kind !== "MCE") return [];
        const { call, nth, times } = one;
        return [sandboxFault.parse({ call, nth, times, ...mceFaults[one.fault] })];
      }),
    play(scene: Scene): void {
      for (const one of faults) {
        if (!("at" in one)) continue;
        scene.clock.at(scene.clock.now() + one.at, () => isEnded || begin(one, scene));
      }
    },
    end(): void {
      isEnded = true;
      cuts.clear();
    },
  };
}
