import { given } from "#lang/given.ts";
import { z } from "zod";
import { strayVariableIn } from "./development-only.ts";

const seconds = (n: number) => n * 1000;
const minutes = (n: number) => seconds(n * 60);
const hours = (n: number) => minutes(n * 60);

/** Every wait and deadline of the engine, in milliseconds, as DESIGN sections 2 and 6 give them. */
const defaults = {
  /** From the grant to TIMEOUT by the bridge (R9). */
  runTimeoutMs: minutes(29),
  /** How much later the object ends the run by itself, when no bridge did. */
  objectGraceMs: seconds(30),
  /** From acceptance to QUEUE_TIMEOUT when nobody claims. */
  queueTimeoutMs: hours(2),
  /** From the start of a run until its result expires (R11). */
  resultTtlMs: hours(24),
  /** From the end of a run until its object is emptied. */
  purgeAfterMs: hours(48),
  /** First retry of an outbox row or a projection; doubles up to `retryMaxMs`. */
  retryMinMs: seconds(1),
  retryMaxMs: seconds(30),
  /** Queued and unclaimed this long: delivered again (D7); doubles up to `unclaimedMaxMs`. */
  unclaimedMs: seconds(15),
  /** A job that Redis lost while its run waited is found missing within five minutes. */
  unclaimedMaxMs: minutes(4),
  /** No sign of life this long: the object reads the run's Redis log (D7). */
  silentMs: seconds(45),
  /** Nothing new in the log either, and silent this long: delivered again (D7). */
  redeliverMs: seconds(90),
  /** The bridge's sign of life while it works or waits in process: D7 asks for one per 20 s, a slow one included. */
  aliveMs: seconds(15),
  /** Over and still owing a clean-up this long after the last word of a bridge: delivered again (D6). */
  cleanupRetryMs: seconds(15),
  /** A run that Postgres calls alive and whose object nobody has asked for so long is asked for by the reconciler. */
  reconcileMs: minutes(2),
  heartbeatMs: seconds(15),
  /** An SSE stream is closed after this, ± 20 %, so that resuming is exercised every day. */
  streamMs: minutes(10),
  /** D10: the unit of the curve of waits between polls (poll-schedule.ts), and of remembered durations. */
  pollMinMs: seconds(1),
  /** From Perform to the first poll. */
  firstPollMs: seconds(1.5),
  pollMaxMs: seconds(15),
  /** D10: longer waits leave the processor by moveToDelayed, but only where the bridge is crowded (capacity.ts). */
  shortWaitMs: seconds(5),
  /** While there is room, every wait between two polls is made in process; longer pauses of MCE's leave. */
  inProcessWaitMs: seconds(16),
  /** `isrunning` false counts as ended after having been true, or after this time since Perform (MCE 5.5). */
  notRunningGraceMs: seconds(20),
  /** The minute of the bridge's MCE_CALLS_PER_MINUTE. */
  callMinuteMs: minutes(1),
  /** A query that has ended, and whose rows cannot be read by any road: given up after this, half of it by REST alone. */
  rowsetPatienceMs: seconds(60),
  /** Signs of the end that prove little alone must stand so long (D9). */
  settleMs: seconds(0.5),
  /** `isrunning` gone false must stand so long where no row bears it out and no Complete: an error may be told late. */
  stoppedAloneMs: seconds(7),
  /** A Create or Perform in flight is awaited this long, also after a cancel (D15). */
  effectTimeoutMs: seconds(30),
  /** A read of MCE is given up after this. */
  readTimeoutMs: seconds(30),
  /** MCE's opinion on a text is waited for this long; the run goes on without it. */
  validateTimeoutMs: seconds(5),
  /** After a call to MCE that failed no more than six go out for the same run in any such span. */
  brakeMs: seconds(5),
  /** MCE unreachable or busy before Perform: given up after this. */
  mcePatienceMs: minutes(2),
} as const;

export type Settings = { readonly [name in keyof typeof defaults]: number };

const positive = z.coerce.number().positive();
const Variables = z.object({
  SQE_ENV: z.enum(["development", "production"]).default("production"),
  SQE_TIME_SCALE: positive.optional(),
  SQE_RUN_TIMEOUT_MS: positive.optional(),
  SQE_QUEUE_TIMEOUT_MS: positive.optional(),
  SQE_RESULT_TTL_MS: positive.optional(),
  SQE_HEARTBEAT_MS: positive.optional(),
});

/**
 * Reads the settings from environment variables; SQE_TIME_SCALE divides every wait that is not set by itself.
 *
 * @throws when a value is no positive number, or a development variable is set in production
 */
export function readSettings(variables: Readonly<Record<string, unknown>>): Settings {
  const set = Variables.parse(variables);
  const stray = strayVariableIn(variables);
  if (stray !== undefined) throw new Error(`Cannot start: ${stray}`);
  const scale = set.SQE_TIME_SCALE ?? 1;
  const scaled = Object.fromEntries(Object.entries(defaults).map(([name, ms]) => [name, wholeMs(ms / scale)]));
  return {
    ...defaults,
    ...scaled,
    ...given({
      runTimeoutMs: set.SQE_RUN_TIMEOUT_MS && wholeMs(set.SQE_RUN_TIMEOUT_MS),
      queueTimeoutMs: set.SQE_QUEUE_TIMEOUT_MS && wholeMs(set.SQE_QUEUE_TIMEOUT_MS),
      resultTtlMs: set.SQE_RESULT_TTL_MS && wholeMs(set.SQE_RESULT_TTL_MS),
      heartbeatMs: set.SQE_HEARTBEAT_MS && wholeMs(set.SQE_HEARTBEAT_MS),
    }),
  };
}

/** `AbortSignal.timeout` takes whole milliseconds only, and a timer of none is no wait. */
function wholeMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}
