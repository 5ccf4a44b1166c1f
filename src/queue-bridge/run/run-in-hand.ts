import { err, type Err } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { ClaimAnswer, RunSpec } from "#protocol/claim.ts";
import type { Settings } from "#protocol/settings.ts";
import type { MceByClass } from "../business-unit/access.ts";
import type { Probed } from "../business-unit/capabilities.ts";
import type { Alphabets } from "../business-unit/alphabets.ts";
import type { Edge } from "../edge/edge.ts";
import type { RunMemory } from "./memory.ts";
import type { Ending, Stop } from "../ending.ts";
import type { FailPoint } from "../fail-point.ts";
import type { FolderFinder } from "../business-unit/folders.ts";
import type { Durations } from "../business-unit/durations.ts";
import type { Log } from "../log.ts";
import type { Metadata } from "#inspect/metadata.ts";
import type { RunMetrics } from "../metrics/runs.ts";
import type { Reporter } from "../edge/report.ts";
import type { Capacity } from "./capacity.ts";
import type { RefusedLooks } from "../business-unit/refused-looks.ts";
import type { SoapAccounts } from "../business-unit/soap-accounts.ts";
import type { StatusBoard } from "../business-unit/status-board.ts";
import type { Tracer } from "../edge/trace.ts";
import type { UnsentGrants } from "../edge/unsent-grants.ts";

/** The run that one start of the processor works on, with all that its steps need. */
export type RunInHand = {
  spec: RunSpec;
  claim: ClaimAnswer;
  /** The client for this step's class of calls: on the way to Perform, or to the run's end. */
  mce: Mce;
  calls: MceByClass["mce"];
  edge: Edge;
  report: Reporter;
  trace: Pick<Tracer, "verdict">;
  /** Aborts reads and waits; its reason is a Stop. It does not abort Creates and Performs (D15). */
  signal: AbortSignal;
  /** The run object's clock: its time at the claim plus the time since. */
  now: () => number;
  platform: Platform;
  settings: Settings;
  capacity: Pick<Capacity, "longestWaitMs">;
  memory: RunMemory;
  /** Notes for the user, sent at the end. */
  notes: string[];
  folders: FolderFinder;
  metadata: Metadata;
  alphabets: Alphabets;
  durations: Durations;
  soapAccounts: SoapAccounts;
  refusedLooks: RefusedLooks;
  probed: Probed;
  /** Reserves units of the call budget for this run. */
  reserve: MceByClass["reserve"];
  statusBoard: StatusBoard;
  unsent: UnsentGrants;
  metrics: Pick<RunMetrics, "ready">;
  failPoint: FailPoint;
  log: Log;
};

/** Why work on the run must stop; undefined while it may continue. */
export function stopOf(signal: AbortSignal): Stop | undefined {
  // The processor alone aborts this signal, always with a Stop.
  return signal.aborted ? (signal.reason as Stop) : undefined;
}

/** Ends a step, by a stop that has arrived, else by the step's own ending. */
export function endHere(run: RunInHand, ending: Ending): Err<Ending> {
  return err(stopOf(run.signal) ?? ending);
}

/** Which shell of the run is in use; the keys of its table and query contain this number (D19). */
export function attemptOf({ claim }: RunInHand): number {
  return claim.attempt ?? 1;
}

/** Adds notes for the user. They are sent with `ready`; until then the job keeps them for later starts. */
export async function addNotes(run: RunInHand, notes: readonly string[]): Promise<void> {
  const fresh = notes.filter((note) => !run.notes.includes(note));
  if (fresh.length === 0) return;
  run.notes.push(...fresh);
  await run.memory.save({ notes: [...run.notes] });
}
