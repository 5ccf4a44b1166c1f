import { createClient } from "#client/client.ts";
import type { Run } from "#client/run.ts";
import { isOver, type RunState, type Target } from "#client/run-state.ts";

/**
 * A run as its user received it; times are this machine's. `versions` in the order received show whether one is missing, not
 * whether one came twice: our client forgives that. Who asks for both follows by `watchRun` of bench/history.
 */
type Followed = { run: RunState; at: number; versions: number[] };

/** One user of the public API. */
export type User = {
  submit(sql: string, target?: Target): Promise<RunState>;
  /** Follows a run by SSE until it is over. */
  follow(id: string): Promise<Followed>;
  read(id: string): Promise<RunState>;
  cancel(id: string): Promise<void>;
  /** Calls what the client has no member for; the answer may be a refusal. */
  call(path: string): Promise<Response>;
};

/** Opens the API of a stack as one of its people. */
export function openUser(url: string, token: string): User {
  const client = createClient({ url, token });
  const submitted = new Map<string, Run>();
  return {
    call: (path) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }),
    read: async (id) => (await client.open(id)).state,
    async cancel(id) {
      await (submitted.get(id) ?? (await client.open(id))).cancel();
    },
    async submit(sql, target) {
      const run = await client.run(sql, target === undefined ? {} : { target });
      submitted.set(run.id, run);
      return run.state;
    },
    follow: async (id) => follow(submitted.get(id) ?? (await client.open(id))),
  };
}

async function follow(run: Run): Promise<Followed> {
  const versions: number[] = [];
  for await (const state of run.watch({ after: 0 })) {
    // A new place in the line comes with the version that is known.
    if (state.version !== versions.at(-1)) versions.push(state.version);
    if (isOver(state)) return { run: state, at: Date.now(), versions };
  }
  throw new Error(`Run "${run.id}" has no further events, and is ${run.state.status}`);
}
