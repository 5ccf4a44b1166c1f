import { readProjectedRun } from "#db/runs.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Owner } from "#protocol/tenancy.ts";
import type { RunView } from "#run/view.ts";
import type { Clients } from "../clients.ts";
import { runStub } from "./run-stub.ts";

/**
 * Reads a run of the user's that has outlived its object; undefined when there is none. When Postgres still calls it
 * alive, its object was lost early: the run is ended first, so that nobody waits for it.
 */
export async function readOutlivedRun(
  env: Env,
  clients: Clients,
  user: Owner,
  id: string,
): Promise<RunView | undefined> {
  const stub = runStub(env, id);
  if (stub === undefined) return undefined;
  const database = await clients.database();
  // Only the run object writes it, from a RunView.
  const read = async () => (await readProjectedRun(database, user, id)) as RunView | undefined;
  const view = await read();
  if (view === undefined || isOver(view.status)) return view;
  await stub.reconcile({ id, version: view.version });
  return read();
}

/** Whether a run's object has been emptied on schedule. One that is gone sooner was lost. */
export function isPurged({ endedAt }: RunView, { purgeAfterMs }: Pick<Settings, "purgeAfterMs">, now: number): boolean {
  return endedAt !== undefined && now >= Date.parse(endedAt) + purgeAfterMs;
}
