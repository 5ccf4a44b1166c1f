import type { Mce } from "#mce/client.ts";
import type { ClaimAnswer, RunSpec } from "#protocol/claim.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Edge } from "./edge.ts";
import type { Ending, Outcome, Stop } from "./ending.ts";
import { endsWith } from "./ending.ts";
import type { FailPoint } from "./fail-point.ts";
import type { FolderFinder } from "./folders.ts";
import type { Habits } from "./habits.ts";
import type { Log } from "./log.ts";
import type { Metadata } from "#inspect/metadata.ts";
import type { Memory } from "./queue.ts";
import type { Reporter } from "./report.ts";
import type { Room } from "./room.ts";
import type { Tracer } from "./trace.ts";

/** One run in the hands of one start of the processor: all that its steps need. */
export type DrivenRun = {
  spec: RunSpec;
  claim: ClaimAnswer;
  mce: Mce;
  edge: Edge;
  report: Reporter;
  trace: Pick<Tracer, "verdict">;
  /** Cuts reads and waits short; its reason is a Stop. Creates and Performs do not hear it (D15). */
  signal: AbortSignal;
  /** The run object's clock: its time at the claim plus what has passed here since. */
  now: () => number;
  random: () => number;
  settings: Settings;
  room: Pick<Room, "longestWaitMs">;
  memory: RunMemory;
  /** What the run has to say to its user at the end. */
  notes: string[];
  folders: FolderFinder;
  metadata: Metadata;
  habits: Habits;
  /** How long the next poll has to wait for the sake of the business unit's call budget, in milliseconds. */
  pace(): Promise<number>;
  /** How long MCE still wants the business unit left alone, in milliseconds. */
  pause(): Promise<number>;
  failPoint: FailPoint;
  log: Log;
};

/** The job's cache (D2). */
export type RunMemory = {
  read(): Memory;
  /** Changes some of it in Redis; a Redis that is away costs only the cache. */
  save(part: Memory): Promise<void>;
};

/** Tells why the run has to be left alone, if so. */
export function stopOf(signal: AbortSignal): Stop | undefined {
  // The processor alone aborts this signal, always with a Stop.
  return signal.aborted ? (signal.reason as Stop) : undefined;
}

/** Ends a step: by the stop that came meanwhile, else as the step itself says. */
export function endHere<T>(run: DrivenRun, ending: Ending): Outcome<T> {
  return endsWith(stopOf(run.signal) ?? ending);
}
