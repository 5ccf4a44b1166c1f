import { bindings } from "./people.ts";

/** Asks the sandbox's own door. */
export async function sandbox<T>(path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${bindings["MCE_SANDBOX_URL"]}/sandbox/${path}`, init);
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** The calls that MCE gets for a business unit while something is done, each with how often. */
export async function callsOf(mid: number, work: () => Promise<unknown>): Promise<Record<string, number>> {
  type Entries = { entries: { seq: number; event: string; call?: string; mid?: number }[] };
  const before = (await sandbox<Entries>("ledger")).entries.at(-1)?.seq ?? 0;
  await work();
  const { entries } = await sandbox<Entries>(`ledger?after=${before}`);
  const calls = entries.flatMap((it) =>
    it.event === "call" && it.mid === mid && it.call !== undefined && it.call !== "AUTH token" ? [it.call] : [],
  );
  return Object.fromEntries([...Map.groupBy(calls, (name) => name)].map(([name, all]) => [name, all.length]));
}
