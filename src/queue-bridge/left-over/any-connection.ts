import { ConnectionId } from "#protocol/ids.ts";
import type { BusinessUnit, Tenancy } from "#protocol/tenancy.ts";
import type { Access, MceByClass, Opened } from "../business-unit/access.ts";

export type AnyConnectionDeps = {
  access: Pick<Access, "open">;
  /** The tenant's connections and grants that may sign in to a business unit, connections first. */
  listConnectionIds: (unit: BusinessUnit) => Promise<readonly string[]>;
};

/** More than two others hardly do better, and each costs calls. */
const othersMax = 2;

/**
 * Cleans up with the run's own connection; when that leaves something behind, with others of the tenant that may sign in
 * there: the consent of the person who ran it may have ended (D53).
 *
 * @param own the run's connection, as it was opened
 * @param clean returns how many assets are left
 */
export async function withAnyConnection(
  deps: AnyConnectionDeps,
  { tenantId, mid, connectionId }: Tenancy,
  own: Opened,
  clean: (opened: MceByClass) => Promise<number>,
): Promise<void> {
  if (own.kind === "open" && (await clean(own)) === 0) return;
  // Without Postgres there is none; the sweep finds what is left.
  const known = await deps.listConnectionIds({ tenantId, mid }).catch(() => []);
  for (const id of known.filter((it) => it !== connectionId).slice(0, othersMax)) {
    const opened = await deps.access.open({ tenantId, mid, connectionId: ConnectionId.parse(id) });
    if (opened.kind === "open" && (await clean(opened)) === 0) return;
  }
}
