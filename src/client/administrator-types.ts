/** A server-to-server package of the tenant. Its secret never comes back. */
export type Connection = {
  id: string;
  name: string;
  subdomain: string;
  clientId: string;
  mids: readonly number[];
  createdAt: string;
};

/** A package to add. */
export type NewConnection = Pick<Connection, "name" | "subdomain" | "clientId" | "mids"> & { clientSecret: string };

/** What of a package may change. */
export type ConnectionChanges = Partial<Pick<NewConnection, "name" | "clientSecret" | "mids">>;

/** Somebody who has signed in. */
export type Member = {
  id: string;
  name?: string;
  email?: string;
  role: "member" | "administrator";
  active: boolean;
  lastSeenAt?: string;
};

/** The tenant and its settings. */
export type Tenant = {
  id: string;
  name: string;
  /** Assistants may ask by MCP. */
  mcp: boolean;
};

/** Something that was done in the tenant. */
export type AuditEntry = {
  id: number;
  at: string;
  actor: "user" | "operator" | "system";
  userId: string;
  action: string;
  mid?: number;
  runId?: string;
  detail?: unknown;
};
