/** How a fault changed the answer of a call; absent when it only delayed or repeated it. */
export type HowFaulted = "answered" | "dropped" | "truncated" | "hung";

/** What happened, as the sandbox saw it; `at` of an entry is the sandbox clock's moment of the event. `keys`: the CustomerKeys that a call names. */
type Happening =
  | { event: "call"; call: string; mid?: number; keys?: readonly string[]; httpStatus: number; fault?: HowFaulted }
  | { event: "perform"; taskId: number; queryKey: string; mid: number }
  | { event: "applied"; taskId: number; targetKey: string; mode: string; rows: number }
  | { event: "done"; taskId: number; outcome: "complete" | "error" };

type Entry = { seq: number; at: number } & Happening;

/** The list that outside tests check; it only grows until a reset. */
export type Ledger = { note(at: number, happening: Happening): void; after(seq: number): Entry[] };

/** Opens an empty ledger; `seq` starts at 1. */
export function openLedger(): Ledger {
  const entries: Entry[] = [];
  return {
    note: (at, happening) => {
      entries.push({ seq: entries.length + 1, at, ...happening });
    },
    after: (seq) => entries.slice(Math.max(seq, 0)),
  };
}
