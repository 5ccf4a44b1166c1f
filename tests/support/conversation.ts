import type { Target } from "#protocol/target.ts";

/** What a bridge asks of a run's object, and the HTTP answer; a cancel by the user has none. */
export type Line = { verb: string; body: object; reply?: { httpStatus: number; body: unknown } };

/** Everything that is said to the object of one run, and the record that it has then. */
export type Conversation = { target?: Target; lines: readonly Line[]; record: unknown };

/** Stands for the run's id. */
export const anyRun = "{run}";

/** When every conversation takes place, in epoch milliseconds: the clock stands still. */
export const conversationAt = Date.UTC(2026, 0, 15, 12);

/** The same without the run's id, which differs from one conversation to the next. */
export function masked<T>(value: T, id: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(id, anyRun));
}

/** What a conversation decides of a record: not what is sealed, nor how far the outbox is. */
export function maskedRecord(record: unknown, id: string): unknown {
  const { run, ledger } = masked(record as { run: object; ledger: object }, id);
  return { run, ledger };
}
