import { given } from "#lang/given.ts";
import type {
  AuditEntry,
  Connection,
  ConnectionChanges,
  Member,
  NewConnection,
  Tenant,
} from "./administrator-types.ts";
import type { Cancelable } from "./cancelable.ts";
import { ask, send, type Api } from "./request.ts";

/** What administrators of a tenant may do; `tenant()` is for everybody. */
export type AdministratorCalls = {
  /** Lists the tenant's server-to-server packages. */
  connections(options?: Cancelable): Promise<{ connections: readonly Connection[] }>;
  /** Adds one, which is tried first: CONNECTION_REFUSED says in `errors` what is missing. */
  addConnection(wanted: NewConnection, options?: Cancelable): Promise<Connection>;
  /** Changes one: a secret or units are tried first, as with a new one. */
  changeConnection(id: string, changes: ConnectionChanges, options?: Cancelable): Promise<Connection>;
  /** Removes one with its secret. */
  removeConnection(id: string, options?: Cancelable): Promise<void>;
  /** Lists the people who have signed in. */
  members(options?: Cancelable): Promise<{ members: readonly Member[] }>;
  /** Changes somebody's role, or keeps somebody out. */
  changeMember(id: string, changes: Partial<Pick<Member, "role" | "active">>, options?: Cancelable): Promise<Member>;
  /** The tenant's settings. */
  tenant(options?: Cancelable): Promise<Tenant>;
  /** Changes them. */
  changeTenant(changes: Partial<Pick<Tenant, "mcp">>, options?: Cancelable): Promise<Tenant>;
  /** Who did what, newest first; the last page has no `cursor`. */
  audit(
    options?: Cancelable & { limit?: number; cursor?: string },
  ): Promise<{ entries: readonly AuditEntry[]; cursor?: string }>;
};

/** Opens the calls of administrators. */
export function administratorCalls(api: Api): AdministratorCalls {
  const signalOf = ({ signal }: Cancelable = {}) => given({ signal });
  const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
  const patch = <T>(path: string, body: object, options?: Cancelable): Promise<T> =>
    ask(api, { method: "PATCH", path, body, ...signalOf(options) });
  return {
    connections: (options) => ask(api, { path: "/v1/connections", ...signalOf(options) }),
    addConnection: (wanted, options) =>
      ask(api, { method: "POST", path: "/v1/connections", body: wanted, ...signalOf(options) }),
    changeConnection: (id, changes, options) => patch(at("/v1/connections", id), changes, options),
    removeConnection: (id, options) => {
      const call = { method: "DELETE" as const, path: at("/v1/connections", id), ...signalOf(options) };
      return send(api, call, () => Promise.resolve());
    },
    members: (options) => ask(api, { path: "/v1/members", ...signalOf(options) }),
    changeMember: (id, changes, options) => patch(at("/v1/members", id), changes, options),
    tenant: (options) => ask(api, { path: "/v1/tenant", ...signalOf(options) }),
    changeTenant: (changes, options) => patch("/v1/tenant", changes, options),
    audit: ({ signal, ...query } = {}) => ask(api, { path: "/v1/audit", query, ...given({ signal }) }),
  };
}
