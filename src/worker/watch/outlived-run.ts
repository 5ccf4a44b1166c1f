import { readProjectedRun } from "#db/runs.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Owner } from "#protocol/tenancy.ts";
import type { RunView } from "#run/view.ts";
import type { Clients } from "../clients.ts";
import { runStub } from "./run-stub.ts";

/**
 * Reads a run of one's own that has outlived its object; undefined when there is none. One that still counts as alive
 * has lost its object before its time, and is ended first: nobody shall wait for it.
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
  // Written by the run object alone, from a RunView.
  const read = async () => (await readProjectedRun(database, user, id)) as RunView | undefined;
  const view = await read();
  if (view === undefined || isOver(view.status)) return view;
  await stub.reconcile({ id, version: view.version });
  return read();
}

/** Tells whether a run's object has been emptied in its time. One that is gone sooner was lost: its run has more to say. */
export function isPurged({ endedAt }: RunView, { purgeAfterMs }: Pick<Settings, "purgeAfterMs">, now: number): boolean {
  return endedAt !== undefined && now >= Date.parse(endedAt) + purgeAfterMs;
}
