import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import { openBudget } from "#budget/budget.ts";
import type { CallClass } from "#budget/call-class.ts";
import { openOwnTurn } from "#budget/own-turn.ts";
import { openGates } from "#budget/gates.ts";
import { limitsOf } from "#budget/limits.ts";
import { openSharedBucket, type Evaluate } from "#budget/shared-bucket.ts";
import type { Connection } from "#db/connections.ts";
import { openKeptConnections, type Wanted } from "#db/kept-connections.ts";
import { userSignIn, type GrantDeps } from "#grants/user-sign-in.ts";
import type { MceAccess } from "#mce/access.ts";
import type { Result } from "#lang/result.ts";
import { tryConnection, type Unusable } from "#mce/try-connection.ts";
import { openMce, openTokenCache, type Mce, type MceCall } from "#mce/client.ts";
import type { BusinessUnit, Tenancy } from "#protocol/tenancy.ts";
import type { EdgeLog } from "#run-object/log.ts";
import type { Config } from "./config.ts";

/** MCE as the business units of callers. */
export type MceClients = {
  /**
   * Opens MCE as the caller's business unit, for one request; undefined when the connection is not the tenant's or does
   * not allow that unit.
   *
   * @param log gets each call, with the trace of its request
   */
  mce(tenancy: Tenancy, callClass: CallClass, log: EdgeLog): Promise<Mce | undefined>;
  /** The same as another business unit, which Marketing Cloud may or may not let the caller into. */
  mceElsewhere(tenancy: Tenancy, mid: number, log: EdgeLog): Promise<Mce | undefined>;
  /** Whether the caller has a connection to MCE. Asks Postgres only. */
  isConnected(tenancy: Tenancy): Promise<boolean>;
  /** Reads a connection again the next time, because it was changed or removed. */
  forgetConnection(tenantId: string, connectionId: string): void;
  /** Tries a package that is not stored yet, in one business unit. */
  tryConnection(tenantId: string, access: MceAccess, log: EdgeLog): Promise<Result<void, Unusable>>;
};

/** A user is waiting: a call that cannot be sent within 5 s is refused. */
const patienceMs = 5000;

/**
 * Opens the clients of one isolate, with one budget and one token cache.
 *
 * @param read as `readConnection`
 * @param grants what it takes to get tokens of people
 */
export function openMceClients(
  { settings, MCE_CALLS_PER_MINUTE: callsPerMinute, MCE_SANDBOX_URL: sandboxUrl }: Config,
  platform: Platform,
  evaluate: Evaluate,
  read: (wanted: Wanted) => Promise<Connection | undefined>,
  grants: GrantDeps,
): MceClients {
  const tokens = openTokenCache();
  const limits = limitsOf(callsPerMinute, settings.callMinuteMs);
  const shared = openSharedBucket(evaluate, limits, () => platform.uuid());
  const budget = openBudget({ shared, platform, limits, openWaiting: openOwnTurn });
  const connections = openKeptConnections(read, () => platform.now());

  async function connect({ tenantId, userId, connectionId, mid, eid }: Tenancy): Promise<Connection | undefined> {
    const connection = await connections.get({ tenantId, userId, connectionId, mid });
    return connection?.eid === eid ? connection : undefined;
  }

  async function renew({ tenantId, userId, connectionId, mid }: Tenancy): Promise<MceAccess | undefined> {
    const renewed = await connections.renew({ tenantId, userId, connectionId, mid }).catch(() => undefined);
    return renewed && accessOf(renewed, mid);
  }

  const depsFor = (unit: BusinessUnit, callClass: CallClass, log: EdgeLog) => {
    const { readTimeoutMs, effectTimeoutMs, brakeMs } = settings;
    const gates = openGates({ budget, platform, unit, limits, patienceMs: () => patienceMs, brakeMs });
    const onCall = (call: MceCall) => logCall(log, call);
    const gate = gates.gate(callClass);
    return { platform, readTimeoutMs, effectTimeoutMs, onCall, gate, ...given({ sandboxUrl }) };
  };

  function openAt(connection: Connection, tenancy: Tenancy, mid: number, callClass: CallClass, log: EdgeLog): Mce {
    const { tenantId } = tenancy;
    const signIn = connection.isGrant && userSignIn(grants, { tenantId, grantId: connection.id });
    const deps = { ...depsFor({ tenantId, mid }, callClass, log), tokens, renew: () => renew(tenancy) };
    return openMce(accessOf(connection, mid), { ...deps, ...given({ signIn }) });
  }

  return {
    forgetConnection: (tenantId, connectionId) => connections.forget({ tenantId, connectionId }),
    tryConnection: (tenantId, access, log) =>
      tryConnection(access, depsFor({ tenantId, mid: access.mid }, "previews", log)),
    isConnected: async (tenancy) => (await connect(tenancy)) !== undefined,
    async mce(tenancy, callClass, log) {
      const connection = await connect(tenancy);
      return connection && openAt(connection, tenancy, tenancy.mid, callClass, log);
    },
    async mceElsewhere(tenancy, mid, log) {
      const connection = await connect(tenancy);
      return connection && openAt(connection, tenancy, mid, "previews", log);
    },
  };
}

/** As the bridge logs its calls. */
function logCall(log: EdgeLog, { name, ms, outcome, status }: MceCall): void {
  const facts = { call: name, ms: Math.round(ms), ...given({ httpStatus: status }) };
  if (outcome === "ok") log("mce call", facts);
  else log("mce call failed", { ...facts, failure: outcome });
}

function accessOf({ id: connectionId, eid, subdomain, clientId, clientSecret }: Connection, mid: number): MceAccess {
  return { connectionId, mid, eid, subdomain, clientId, clientSecret };
}
