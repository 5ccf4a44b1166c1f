import { RunId } from "#protocol/ids.ts";
import type { Owner } from "#protocol/tenancy.ts";
import type { RunObject } from "#run-object/object.ts";
import { readPlace } from "../config.ts";

export type RunStub = DurableObjectStub<RunObject>;

/** The object of a run; undefined for a text that is not a run id, so that a guess never creates an object. */
export function runStub(env: Env, id: string): RunStub | undefined {
  return RunId.safeParse(id).success ? stubOf(env, id) : undefined;
}

/** The object of a run, whose id we made or checked. */
export function stubOf(env: Env, id: string): RunStub {
  // `wrangler types` cannot name the class without importing the Worker; wrangler.toml binds RUNS to RunObject.
  const runs = env.RUNS as unknown as DurableObjectNamespace<RunObject>;
  const place = readPlace({ ...env });
  const theirs = place === "none" ? runs : runs.jurisdiction(place);
  return theirs.get(theirs.idFromName(id));
}

/** Opens a watcher's socket on a run (D3). @returns the object's answer: 101 with `webSocket`, 204 or 404 */
export function watch(stub: RunStub, caller: Owner, after: string | undefined): Promise<Response> {
  const url = new URL("https://run-object/watch");
  url.searchParams.set("tenant", caller.tenantId);
  url.searchParams.set("user", caller.userId);
  if (after !== undefined) url.searchParams.set("after", after);
  return stub.fetch(url, { headers: { upgrade: "websocket" } });
}
