import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import type { Allowance } from "./allowance.ts";
import type { Book } from "./findings.ts";
import type { Made, Room } from "./room.ts";

/** What every question of a probe works with. */
export type Probing = {
  mce: Mce;
  platform: Pick<Platform, "now" | "monotonic" | "sleep">;
  allowance: Allowance;
  room: Room;
  book: Book;
  signal: AbortSignal;
  /** Filled by questions for those after them. */
  known: Known;
};

/** What questions leave for later ones. */
type Known = {
  /** The table that the first query writes into. */
  table?: Made;
  /** A query of a few rows that Marketing Cloud takes. */
  sql?: string;
  /** The first query, its run, and what became of it. */
  query?: Made;
  taskIds: string[];
  /** How long the first query took until its rows could be read. */
  plainMs?: number;
  /** When the first run was over, on the monotonic clock. */
  overAt?: number;
  /** A snapshot of the first table's rows, when it was taken on the monotonic clock, and how long it is said to live. */
  snapshot?: { token: string; at: number; saidMs?: number };
};

const patienceMs = 20_000;
const againMs = 2000;
const triesMax = 3;

/** Makes a call, and again after a pause where Marketing Cloud is busy and has certainly done nothing. */
export async function steadily<T>(
  { platform, signal }: Pick<Probing, "platform" | "signal">,
  call: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await call();
    if (answer.ok || tries === triesMax || signal.aborted) return answer;
    const { error } = answer;
    const isPassing = error.kind === "throttled" || (error.kind === "unavailable" && error.effect === "none");
    if (!isPassing) return answer;
    const waitMs = error.kind === "throttled" ? error.waitMs : againMs;
    if (waitMs > patienceMs) return answer;
    await platform.sleep(waitMs, signal);
  }
}
