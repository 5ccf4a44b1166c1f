import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import { repeat } from "#async/backoff.ts";
import type { Budget } from "#budget/budget.ts";
import type { CallClass } from "#budget/call-class.ts";
import { openGates, type Gates } from "#budget/gates.ts";
import type { Limits } from "#budget/limits.ts";
import type { Connection } from "#db/connections.ts";
import type { KeptConnections } from "#db/kept-connections.ts";
import { userSignIn, type GrantDeps } from "#grants/user-sign-in.ts";
import { openMce, type Mce, type MceCall } from "#mce/client.ts";
import type { MceDeps } from "#mce/session.ts";
import type { MceAccess } from "#mce/access.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { placesOf } from "#lang/places.ts";
import { logFailedCall, type Log } from "../log.ts";

/** MCE as one business unit, for calls of any class; all of them share one brake. */
export type MceByClass = { mce: (callClass: CallClass) => Mce; reserve: Gates["reserve"] };

/** `gone`: the business unit has no such connection; `unreadable`: Postgres stayed unreachable, or the secret cannot be decrypted. */
export type Opened = ({ kind: "open" } & MceByClass) | { kind: "gone" } | { kind: "unreadable" };

/** `userId`: for whom; absent: for the service itself, which may use everybody's. */
type Unit = Pick<Tenancy, "tenantId" | "connectionId" | "mid"> & Partial<Pick<Tenancy, "userId">>;

/** The connections to MCE, by business unit. */
export type Access = {
  /** Opens a connection for a business unit without retries. Sends nothing to MCE. */
  open(unit: Unit): Promise<Opened>;
  /**
   * Opens the run's connection; retries while Postgres is unreachable, as long as MCE would be retried. Sends nothing to MCE.
   *
   * @param onCall called for each call to MCE that is made through it
   */
  openPatiently(unit: Unit, signal: AbortSignal, onCall: (call: MceCall) => void): Promise<Opened>;
};

export type AccessDeps = {
  connections: KeptConnections;
  /** What it takes to get tokens of people. */
  grants: GrantDeps;
  mce: Omit<MceDeps, "gate" | "renew" | "signIn" | "platform">;
  budget: Budget;
  limits: Limits;
  platform: Platform;
  settings: Pick<
    Settings,
    "mcePatienceMs" | "retryMinMs" | "retryMaxMs" | "shortWaitMs" | "inProcessWaitMs" | "brakeMs"
  >;
  log: Log;
};

/** Opens the connections to MCE. */
export function openAccess({ connections, grants, mce, budget, limits, platform, settings, log }: AccessDeps): Access {
  /** Shorter than `mcePatienceMs` for polls and sweeps, which come again, and for runs that have not begun, which can be delayed. */
  const patienceOf: Partial<Record<CallClass, number>> = {
    ends: settings.shortWaitMs,
    "new-runs": settings.inProcessWaitMs,
    previews: settings.shortWaitMs,
  };
  const patienceMs = (callClass: CallClass) => patienceOf[callClass] ?? settings.mcePatienceMs;

  function callsOf(unit: Unit, connection: Connection, onCall: (call: MceCall) => void): MceByClass {
    const gates = openGates({ budget, platform, unit, limits, patienceMs, brakeMs: settings.brakeMs });
    const onEachCall = (call: MceCall) => {
      if (call.waitMs !== undefined) log("mce throttled", { tenantId: unit.tenantId, mid: unit.mid, ms: call.waitMs });
      mce.onCall?.(call);
      onCall(call);
    };
    const renew = async () => {
      const read = await connections.renew(unit).catch(() => undefined);
      return read && accessOf(unit, read);
    };
    const grant = { tenantId: unit.tenantId, grantId: connection.id };
    const signIn = connection.isGrant && userSignIn(grants, grant);
    const deps = { ...mce, platform, renew, onCall: onEachCall, ...given({ signIn }) };
    return {
      mce: (callClass) => openMce(accessOf(unit, connection), { ...deps, gate: gates.gate(callClass) }),
      reserve: gates.reserve,
    };
  }

  async function open(unit: Unit, onCall: (call: MceCall) => void): Promise<Opened> {
    try {
      const connection = await connections.get(unit);
      return connection === undefined ? { kind: "gone" } : { kind: "open", ...callsOf(unit, connection, onCall) };
    } catch (error) {
      log("connection unreadable", { tenantId: unit.tenantId, places: placesOf(error) });
      return { kind: "unreadable" };
    }
  }

  return {
    open: (unit) => open(unit, (call) => logFailedCall(log, call)),
    openPatiently: (unit, signal, onCall) =>
      repeat(platform, { ...settings, patienceMs: settings.mcePatienceMs, signal }, async () => {
        const opened = await open(unit, onCall);
        return { kind: opened.kind === "unreadable" ? "again" : "done", value: opened };
      }),
  };
}

function accessOf({ mid }: Unit, { id, eid, subdomain, clientId, clientSecret }: Connection): MceAccess {
  return { connectionId: id, mid, eid, subdomain, clientId, clientSecret };
}
