import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { ClaimAnswer, RunSpec } from "#protocol/claim.ts";
import type { Settings } from "#protocol/settings.ts";
import type { MceByClass } from "../business-unit/access.ts";
import type { Alphabets } from "../business-unit/alphabets.ts";
import type { Edge } from "../edge/edge.ts";
import type { RunMemory } from "./memory.ts";
import { endsWith, type Ending, type Outcome, type Stop } from "../ending.ts";
import type { FailPoint } from "../fail-point.ts";
import type { FolderFinder } from "../business-unit/folders.ts";
import type { Durations } from "../business-unit/durations.ts";
import type { Log } from "../log.ts";
import type { Metadata } from "#inspect/metadata.ts";
import type { Reporter } from "../edge/report.ts";
import type { Capacity } from "./capacity.ts";
import type { SoapAccounts } from "../business-unit/soap-accounts.ts";
import type { StatusBoard } from "../business-unit/status-board.ts";
import type { Tracer } from "../edge/trace.ts";
import type { UnsentGrants } from "../edge/unsent-grants.ts";

/** One run in the hands of one start of the processor: all that its steps need. */
export type RunInHand = {
  spec: RunSpec;
  claim: ClaimAnswer;
  /** For what this step's calls are for: on the way to Perform, or to the run's end. */
  mce: Mce;
  calls: MceByClass["mce"];
  edge: Edge;
  report: Reporter;
  trace: Pick<Tracer, "verdict">;
  /** Cuts reads and waits short; its reason is a Stop. Creates and Performs do not hear it (D15). */
  signal: AbortSignal;
  /** The run object's clock: its time at the claim plus what has passed here since. */
  now: () => number;
  platform: Platform;
  settings: Settings;
  capacity: Pick<Capacity, "longestWaitMs">;
  memory: RunMemory;
  /** What the run has to say to its user at the end. */
  notes: string[];
  folders: FolderFinder;
  metadata: Metadata;
  alphabets: Alphabets;
  durations: Durations;
  soapAccounts: SoapAccounts;
  /** Waits for units of the call budget that only this run uses. */
  reserve: MceByClass["reserve"];
  statusBoard: StatusBoard;
  unsent: UnsentGrants;
  failPoint: FailPoint;
  log: Log;
};

/** Tells why the run has to be left alone, if so. */
export function stopOf(signal: AbortSignal): Stop | undefined {
  // The processor alone aborts this signal, always with a Stop.
  return signal.aborted ? (signal.reason as Stop) : undefined;
}

/** Ends a step: by the stop that came meanwhile, else as the step itself says. */
export function endHere<T>(run: RunInHand, ending: Ending): Outcome<T> {
  return endsWith(stopOf(run.signal) ?? ending);
}

/** Which shell of the run is in use: its table and its query have this number in their keys (D19). */
export function attemptOf({ claim }: RunInHand): number {
  return claim.attempt ?? 1;
}

/** Adds to what the run says to its user; it goes out with `ready`, and until then the job keeps it for a later start. */
export async function addNotes(run: RunInHand, notes: readonly string[]): Promise<void> {
  const fresh = notes.filter((note) => !run.notes.includes(note));
  if (fresh.length === 0) return;
  run.notes.push(...fresh);
  await run.memory.save({ notes: [...run.notes] });
}
