import type { AsyncLocalStorage } from "node:async_hooks";
import type { RunId } from "#protocol/ids.ts";
import { openMce } from "#mce/client.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { readCustomerKey } from "#run/names.ts";
import { fetchFrom } from "../../../sandbox/in-process.ts";
import { openWorld, type World } from "../../../sandbox/world.ts";
import { mceDeps } from "../../support/platform.ts";
import type { VirtualClock } from "../../calm/support/virtual-clock.ts";
import type { History } from "./history.ts";
import type { Life } from "./life.ts";
import type { Tenant } from "./postgres.ts";

/** What the bridge is doing while it makes a call: for which run, and of whom. */
export type Doing = { runId: RunId; mid: number; clientId: string };

/** A Perform as it was sent: for which run, and whether the run's object had a grant open for it. */
type SentPerform = { at: number; runId: string; isGranted: boolean };

/** Marketing Cloud: the sandbox in this process, and what was seen on the way to it. */
export type ModelMce = {
  world: World;
  performs: readonly SentPerform[];
  /** Calls that were made for a run with a token of somebody else. */
  strangers: readonly string[];
  /** What the sandbox has seen since the tables were made. */
  ledger: () => ReturnType<World["ledger"]["after"]>;
  /** Makes the table that runs append to, in each business unit: it has no primary key, so rows may come twice. */
  makeJournals(tenants: readonly Tenant[]): Promise<void>;
  /** Whether the last query of a run has ended. */
  hasEnded: (runId: RunId) => boolean;
  /** Changes the status that the next status row tells. */
  misreport: (as: "Complete" | "Processing") => void;
  fetchFor(life: () => Life): typeof fetch;
};

export type MceDeps = {
  clock: VirtualClock;
  history: History;
  doing: AsyncLocalStorage<Doing>;
  durationMs: number;
  /** How long a request and its answer take together. */
  latencyMs: () => number;
  /** Whether the run's object has an open grant now. */
  hasOpenGrant: (runId: RunId) => boolean;
};

/** Opens a Marketing Cloud with few rows on the simulation's clock. */
export function openModelMce({ clock, history, doing, durationMs, latencyMs, hasOpenGrant }: MceDeps): ModelMce {
  const world = openWorld({
    durationMs,
    rows: 20,
    now: clock.now,
    setTimer: (work, ms) => clock.at(clock.now() + ms, work),
  });
  world.url = "http://sandbox.local";
  const send = fetchFrom(world);
  const way = clock.platform(send);
  const performs: SentPerform[] = [];
  const strangers: string[] = [];
  let madeAt = 0;
  let misreported: string | undefined;

  function watch(call: string, body: string, headers: Headers): void {
    const now = doing.getStore();
    if (now === undefined || call === "AUTH token") return;
    const token = /<fueloauth[^>]*>([^<]+)</.exec(body)?.[1] ?? headers.get("authorization")?.slice("Bearer ".length);
    const checked = world.tokens.check(token ?? "", clock.now());
    if (checked.kind !== "unknown") {
      const { mid, clientId } = checked.kind === "good" ? checked.grant : now;
      if (mid !== now.mid || clientId !== now.clientId) strangers.push(`${call} of ${now.runId} as ${mid}`);
    }
    if (call !== "SOAP Perform") return;
    const objectId = /<ObjectID>([^<]+)</.exec(body)?.[1]?.toLowerCase();
    const query = world.store.queries.find((one) => one.objectId.toLowerCase() === objectId);
    const runId = readCustomerKey(query?.customerKey ?? "")?.runId ?? "";
    performs.push({ at: clock.now(), runId, isGranted: runId === now.runId && hasOpenGrant(now.runId) });
  }

  return {
    world,
    performs,
    strangers,
    ledger: () => world.ledger.after(madeAt),
    hasEnded: (runId) =>
      world.store.tasks.findLast(({ queryKey }) => readCustomerKey(queryKey)?.runId === runId)?.doneAt !== undefined,
    misreport: (as) => void (misreported = as),
    async makeJournals(tenants) {
      for (const { tenancy, connection } of tenants) {
        const folder = world.store.folders.find(
          ({ contentType, mid }) => contentType === "dataextension" && mid === tenancy.mid,
        );
        const access = { ...connection, ...tenancy };
        const client = openMce(access, mceDeps({ fetch: send, now: clock.now, sandboxUrl: world.url }));
        const made = await createDataExtension(client, {
          customerKey: journal,
          name: journal,
          folderId: folder?.id ?? 0,
          fields: [
            { name: "Id", fieldType: "Number" },
            { name: "Name", fieldType: "Text", maxLength: 50 },
          ],
        });
        if (!made.ok) throw new Error(made.error.message);
      }
      madeAt = world.ledger.after(0).length;
    },
    fetchFor: (life) => (input, init) => {
      const body = typeof init?.body === "string" ? init.body : "";
      const call = nameOf(new Request(input).url, body);
      const { name, platform, effect } = life();
      watch(call, body, new Headers(init?.headers));
      return effect(call, async () => {
        const half = latencyMs() / 2;
        // What was sent is on its way, also while its process stands still.
        await way.sleep(half, init?.signal ?? undefined);
        const answer = await send(input, init).catch((error: unknown) => {
          history.note(name, `${call}: no answer`);
          throw error;
        });
        history.note(name, `${call}: ${answer.status}`);
        await platform.sleep(half, init?.signal ?? undefined);
        if (misreported === undefined || call !== statusCall) return answer;
        const told = (await answer.text()).replace(/<Status>(Queued|Processing|Complete)</, `<Status>${misreported}<`);
        misreported = undefined;
        return new Response(told, { status: answer.status });
      });
    },
  };
}

/** The table that runs append to. */
export const journal = "Journal";

/** What asks how far a query is. */
export const statusCall = "SOAP Retrieve AsyncActivityStatus";

/** What a call is named in a history. */
function nameOf(url: string, body: string): string {
  if (url.endsWith("/v2/token")) return "AUTH token";
  const verb = /<(?:\w+:)?(Retrieve|Create|Delete|Perform)Request/.exec(body)?.[1];
  const type = /<ObjectType>(\w+)</.exec(body)?.[1] ?? /xsi:type="(?:\w+:)?(\w+)"/.exec(body)?.[1];
  if (verb !== undefined) return verb === "Perform" ? "SOAP Perform" : `SOAP ${verb} ${type}`;
  return `REST ${/(isrunning|rowset|validate)/i.exec(url)?.[1]?.toLowerCase() ?? new URL(url).pathname}`;
}
