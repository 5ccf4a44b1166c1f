import type { DrivenRun } from "./run-in-hand.ts";

/** Adds to what the run says to its user; it goes out with `ready`, and until then the job keeps it for a later start. */
export async function addNotes(run: DrivenRun, notes: readonly string[]): Promise<void> {
  const fresh = notes.filter((note) => !run.notes.includes(note));
  if (fresh.length === 0) return;
  run.notes.push(...fresh);
  await run.memory.save({ notes: [...run.notes] });
}
