import { isOver } from "#protocol/run-status.ts";
import { readCustomerKey } from "#run/names.ts";
import type { Api } from "./api.ts";

type Asset = { key: string; name: string };
type State = {
  folders: { id: number; name: string }[];
  dataExtensions: Asset[];
  queries: (Asset & { status: string })[];
};
type Entry = { seq: number; at: number; event: string; call?: string; queryKey?: string };

/** The sandbox's own door (DESIGN 8): what Marketing Cloud has seen, and how it is to behave. */
export type SandboxDoor = ReturnType<typeof openSandboxDoor>;

export function openSandboxDoor(url: string) {
  // The door's shapes are DESIGN 8's; each test reads its part of them.
  const ask = async <T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<T> => {
    const answer = await fetch(`${url}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the sandbox answers ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const ledger = async (after = 0): Promise<Entry[]> =>
    (await ask<{ entries: Entry[] }>(`ledger?after=${after}`)).entries;
  const state = () => ask<State>("state");
  return {
    ask,
    state,
    ledger,
    /** Number of the newest entry. */
    seq: async (): Promise<number> => (await ledger()).at(-1)?.seq ?? 0,
    /** How often a run's query was performed. */
    performs: async (runId: string): Promise<number> =>
      (await ledger()).filter(({ event, queryKey }) => event === "perform" && queryKey?.includes(runId)).length,
    behave: (switches: Record<string, unknown>) => ask("behaviours", switches),
    /** Our assets that belong to no live run and to no result that can still be read. */
    async strays(api: Api): Promise<string[]> {
      const { dataExtensions, queries } = await state();
      const active = queries.filter(({ status }) => status === "Active").map(({ key }) => ({ key, isQuery: true }));
      const ours = [...active, ...dataExtensions.map(({ key }) => ({ key, isQuery: false }))];
      const strays: string[] = [];
      for (const { key, isQuery } of ours) {
        const runId = readCustomerKey(key)?.runId;
        if (runId === undefined) continue;
        const { status, expiresAt = "" } = await api.read(runId);
        const isOwed = !isOver(status) || (status === "ready" && !isQuery && Date.parse(expiresAt) > Date.now());
        if (!isOwed) strays.push(`${isQuery ? "query" : "data extension"} ${key} of a run that is ${status}`);
      }
      return strays;
    },
  };
}
