import type { Connection } from "./connections.ts";

/** A connection of a tenant, for one of its business units. */
export type Wanted = { tenantId: string; connectionId: string; mid: number };

/** Connections in memory, so that not every call asks Postgres; their secrets are there in clear, and so not for long. */
export type KeptConnections = {
  /** @returns undefined when the tenant has no such connection, or it is not for that business unit */
  get(wanted: Wanted): Promise<Connection | undefined>;
  /** Reads it anew: MCE has refused the one that was kept. */
  renew(wanted: Wanted): Promise<Connection | undefined>;
  /** Drops what has been kept for long enough. */
  dropOld(): void;
};

/** Long enough to spare Postgres a question per call. */
export const keptMs = 60_000;

/** @param read see `readConnection` */
export function openKeptConnections(
  read: (wanted: Wanted) => Promise<Connection | undefined>,
  now: () => number,
): KeptConnections {
  const kept = new Map<string, { connection: Connection; until: number }>();

  function dropOld(): void {
    for (const [key, { until }] of kept) if (until <= now()) kept.delete(key);
  }

  async function renew(wanted: Wanted): Promise<Connection | undefined> {
    const key = keyOf(wanted);
    kept.delete(key);
    const connection = await read(wanted);
    if (connection !== undefined) kept.set(key, { connection, until: now() + keptMs });
    return connection;
  }

  return {
    renew,
    dropOld,
    get(wanted) {
      dropOld();
      const known = kept.get(keyOf(wanted));
      return known === undefined ? renew(wanted) : Promise.resolve(known.connection);
    },
  };
}

function keyOf({ tenantId, connectionId, mid }: Wanted): string {
  return [tenantId, connectionId, mid].join("/");
}
