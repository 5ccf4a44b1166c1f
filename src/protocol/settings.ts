import { given } from "#lang/given.ts";
import { z } from "zod";
import { EnvironmentName, strayVariableIn } from "./development-only.ts";

const seconds = (n: number) => n * 1000;
const minutes = (n: number) => seconds(n * 60);
const hours = (n: number) => minutes(n * 60);

/** Every wait and deadline of the engine, in milliseconds (DESIGN sections 2 and 6). */
const defaults = {
  /** From the grant until the bridge ends the run as TIMEOUT (R9). */
  runTimeoutMs: minutes(29),
  /** How much later the object itself ends the run, if no bridge has. */
  objectGraceMs: seconds(30),
  /** From acceptance to QUEUE_TIMEOUT, if no bridge claims the run. */
  queueTimeoutMs: hours(2),
  /** From the start of a run until its result expires (R11). */
  resultTtlMs: hours(24),
  /** From the end of a run until its object deletes its storage. */
  purgeAfterMs: hours(48),
  /** First retry of an outbox row or a projection; doubles up to `retryMaxMs`. */
  retryMinMs: seconds(1),
  retryMaxMs: seconds(30),
  /** How long a run may be queued and unclaimed before it is delivered again (D7); doubles up to `unclaimedMaxMs`. */
  unclaimedMs: seconds(15),
  /** Bounds how long a job that Redis lost stays unnoticed while its run waits: under five minutes. */
  unclaimedMaxMs: minutes(4),
  /** How long a bridge may be silent before the object reads the run's Redis log (D7). */
  silentMs: seconds(45),
  /** How long a bridge may be silent before the run is delivered again, if the log has nothing new either (D7). */
  redeliverMs: seconds(90),
  /** Between two signs of life of a bridge. D7 asks for one every 20 s, and one may be slow. */
  aliveMs: seconds(15),
  /** From a bridge's last sign of life until a run that is over, but not cleaned up, is delivered again (D6). */
  cleanupRetryMs: seconds(15),
  /** How long the object of a run that Postgres calls alive may go unasked before the reconciler asks it. */
  reconcileMs: minutes(2),
  /** How long after the last job of a live run the reconciler asks Postgres at every trigger; longer than any run lives (D31). */
  liveRunsMs: hours(3),
  heartbeatMs: seconds(15),
  /**
   * An SSE stream is closed after this, ± 20 %: at most 4.5 minutes, which is when its caller has to be checked again (D88,
   * revocation.ts). The spread keeps streams that were opened together from coming back together.
   */
  streamMs: minutes(3.75),
  /** D10: the unit of the curve of waits between polls (poll-schedule.ts), and of remembered durations. */
  pollMinMs: seconds(1),
  /** From Perform to the first poll. */
  firstPollMs: seconds(1.5),
  pollMaxMs: seconds(15),
  /** The longest wait in process while the bridge is crowded (capacity.ts); for longer ones the job is delayed (D10). */
  shortWaitMs: seconds(5),
  /** The longest wait in process while the bridge has capacity: every wait between two polls, but no long pause of MCE's. */
  inProcessWaitMs: seconds(16),
  /** How long after Perform an `isrunning` that was never true may still be false for a query that runs (MCE 5.5). */
  notRunningGraceMs: seconds(20),
  /**
   * How long after its grant a Perform may be sent (D81). Shorter than `notRunningGraceMs`: it has arrived before another start
   * may take it for never sent.
   */
  performWithinMs: seconds(10),
  /** The minute in MCE_CALLS_PER_MINUTE. */
  callMinuteMs: minutes(1),
  /** How long a query that has ended is asked for its rows, the first half of it by REST alone. */
  rowsetPatienceMs: seconds(60),
  /** How long signals that prove little on their own must last (D9). */
  settleMs: seconds(0.5),
  /** How long `isrunning` must stay false when neither rows nor a Complete confirm it: an error may show late. */
  stoppedAloneMs: seconds(7),
  /** Timeout of a Create or Perform; a cancel does not shorten it (D15). */
  effectTimeoutMs: seconds(30),
  /** Timeout of a read from MCE. */
  readTimeoutMs: seconds(30),
  /** Timeout of MCE's own check of a query; the run goes on without it. */
  validateTimeoutMs: seconds(5),
  /** The span in which one run makes at most six calls to MCE after one that failed. */
  brakeMs: seconds(5),
  /** How long MCE may be unreachable or busy before Perform until the run fails. */
  mcePatienceMs: minutes(2),
} as const;

export type Settings = { readonly [name in keyof typeof defaults]: number };

const positive = z.coerce.number().positive();
const Variables = z.object({
  SQE_ENV: EnvironmentName,
  SQE_TIME_SCALE: positive.optional(),
  SQE_RUN_TIMEOUT_MS: positive.optional(),
  SQE_QUEUE_TIMEOUT_MS: positive.optional(),
  SQE_RESULT_TTL_MS: positive.optional(),
  SQE_HEARTBEAT_MS: positive.optional(),
});

/**
 * Reads the settings from environment variables; SQE_TIME_SCALE divides every wait that has no variable of its own.
 *
 * @throws when a value is no positive number, or a development variable is set in production
 */
export function readSettings(variables: Readonly<Record<string, unknown>>): Settings {
  const set = Variables.parse(variables);
  const stray = strayVariableIn(variables);
  if (stray !== undefined) throw new Error(`Cannot start: ${stray}`);
  const chosen = given({
    runTimeoutMs: set.SQE_RUN_TIMEOUT_MS,
    queueTimeoutMs: set.SQE_QUEUE_TIMEOUT_MS,
    resultTtlMs: set.SQE_RESULT_TTL_MS,
    heartbeatMs: set.SQE_HEARTBEAT_MS,
  });
  return { ...defaults, ...wholeMs(defaults, set.SQE_TIME_SCALE), ...wholeMs(chosen) };
}

/** `AbortSignal.timeout` takes whole milliseconds only, and a timer of 0 ms does not wait. */
function wholeMs(waits: { readonly [name: string]: number }, scale = 1): { [name: string]: number } {
  return Object.fromEntries(Object.entries(waits).map(([name, ms]) => [name, Math.max(1, Math.round(ms / scale))]));
}
