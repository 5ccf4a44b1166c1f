import type { Connection } from "#db/connections.ts";
import { readConnection } from "#db/connections.ts";
import type { Database } from "#db/database.ts";
import type { Vault } from "#db/vault.ts";
import type { Mce, MceCall } from "#mce/client.ts";
import { openMce } from "#mce/client.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { CallBudget } from "./call-budget.ts";
import type { Log } from "./log.ts";
import { placesOf } from "./log.ts";
import { sleep } from "./sleep.ts";

/** `gone`: no such connection for this business unit; `unreadable`: Postgres was away for too long, or the secret does not open. */
export type Opened = { kind: "open"; mce: Mce } | { kind: "gone" } | { kind: "unreadable" };

type Unit = Pick<Tenancy, "tenantId" | "connectionId" | "mid">;

/** Signs in to MCE as a business unit. */
export type MceAccess = {
  /** Opens a connection for a business unit, or says at once why not. Sends nothing to MCE. */
  open(unit: Unit): Promise<Opened>;
  /**
   * Opens the run's connection; a Postgres that is away gets the patience MCE gets. Sends nothing to MCE.
   *
   * @param onCall hears of each call that is made through it
   */
  openPatiently(unit: Unit, signal: AbortSignal, onCall: (call: MceCall) => void): Promise<Opened>;
};

export type AccessDeps = {
  db: Database;
  vault: Vault;
  mce: Parameters<typeof openMce>[1];
  budget: Pick<CallBudget, "count">;
  now: () => number;
  settings: Pick<Settings, "mcePatienceMs" | "retryMinMs" | "retryMaxMs">;
  log: Log;
};

/** Long enough to spare Postgres a question per poll, short enough to see a renewed connection. */
const keptMs = 60_000;

/** Opens the door to MCE; connections are remembered for a minute, in memory only. */
export function openAccess(deps: AccessDeps): MceAccess {
  const kept = new Map<string, { connection: Connection; until: number }>();

  async function read({ tenantId, connectionId, mid }: Unit): Promise<Connection | undefined> {
    const key = `${tenantId}/${connectionId}/${mid}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > deps.now()) return known.connection;
    const connection = await readConnection(deps.db, deps.vault, { tenantId, connectionId, mid });
    if (connection === undefined) kept.delete(key);
    else kept.set(key, { connection, until: deps.now() + keptMs });
    return connection;
  }

  async function open(unit: Unit, onCall?: (call: MceCall) => void): Promise<Opened> {
    const connection = await read(unit);
    if (connection === undefined) return { kind: "gone" };
    const { id, eid, subdomain, clientId, clientSecret } = connection;
    const access = { connectionId: id, mid: unit.mid, eid, subdomain, clientId, clientSecret };
    const hear = (call: MceCall) => {
      deps.mce.onCall?.(call);
      deps.budget.count(unit, call);
      onCall?.(call);
    };
    return { kind: "open", mce: openMce(access, { ...deps.mce, onCall: hear }) };
  }

  async function openOnce(unit: Unit, onCall?: (call: MceCall) => void): Promise<Opened> {
    try {
      return await open(unit, onCall);
    } catch (error) {
      deps.log("connection not readable", { tenantId: unit.tenantId, places: placesOf(error) });
      return { kind: "unreadable" };
    }
  }

  return {
    open: (unit) => openOnce(unit),
    async openPatiently(unit, signal, onCall) {
      const { mcePatienceMs, retryMinMs, retryMaxMs } = deps.settings;
      const giveUpAt = deps.now() + mcePatienceMs;
      for (let pause = retryMinMs; ; pause = Math.min(pause * 2, retryMaxMs)) {
        const opened = await openOnce(unit, onCall);
        if (opened.kind !== "unreadable") return opened;
        if (deps.now() + pause > giveUpAt || !(await sleep(pause, signal))) return { kind: "unreadable" };
      }
    },
  };
}
