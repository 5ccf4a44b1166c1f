import { keptFor } from "#lang/kept-for.ts";
import { isFor, type Connection } from "./connections.ts";

/**
 * A connection of a tenant or the grant of one of its people, for one business unit. `userId`: for whom; absent: for the
 * service itself.
 */
export type Wanted = { tenantId: string; connectionId: string; mid: number; userId?: string };

/** Connections in memory, so that not every call asks Postgres. Their secrets are in clear text, so they stay briefly. */
export type KeptConnections = {
  /** @returns undefined when the tenant has no such connection, or it does not allow that business unit */
  get(wanted: Wanted): Promise<Connection | undefined>;
  /** Reads it again, because MCE has refused the one in memory. */
  renew(wanted: Wanted): Promise<Connection | undefined>;
  /** Drops one for all business units, because it has changed. */
  forget(connection: Pick<Wanted, "tenantId" | "connectionId">): void;
  /** Drops what has expired. */
  dropOld(): void;
};

/** Long enough to save Postgres a question for each call. */
export const keptMs = 60_000;

/** Opens an empty cache. @param read as `readConnection` */
export function openKeptConnections(
  read: (wanted: Wanted) => Promise<Connection | undefined>,
  now: () => number,
): KeptConnections {
  const kept = keptFor<Connection>(keptMs, now);

  async function renew(wanted: Wanted): Promise<Connection | undefined> {
    const key = keyOf(wanted);
    kept.forget(key);
    const connection = await read(wanted);
    if (connection !== undefined) kept.set(key, connection);
    return mine(connection, wanted);
  }

  return {
    renew,
    forget: ({ tenantId, connectionId }) => kept.forget(`${tenantId}/${connectionId}/`),
    dropOld: () => kept.dropOld(),
    get(wanted) {
      const known = kept.get(keyOf(wanted));
      return known === undefined ? renew(wanted) : Promise.resolve(mine(known, wanted));
    },
  };
}

function mine(connection: Connection | undefined, { userId }: Wanted): Connection | undefined {
  return connection !== undefined && isFor(connection, userId) ? connection : undefined;
}

/** Ends with a slash, so that no key begins another. */
function keyOf({ tenantId, connectionId, mid }: Wanted): string {
  return `${tenantId}/${connectionId}/${mid}/`;
}
