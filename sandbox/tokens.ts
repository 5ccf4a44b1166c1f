import { randomBytes } from "node:crypto";

/** What one access token permits; it is valid for one business unit (MCE 1.3). */
export type Grant = {
  eid: number;
  mid: number;
  clientId: string;
  scopes: readonly string[];
  expiresAt: number;
  /** The user behind a token of the authorization-code flow. */
  user?: string;
};

type Checked = { kind: "good"; grant: Grant } | { kind: "unknown" } | { kind: "expired" };

/** The tokens in circulation. They outlive a reset of the sandbox. */
export type Tokens = {
  issue(grant: Grant): string;
  check(token: string, now: number): Checked;
  /** All that were issued and not revoked. */
  all(): string[];
  revoke(clientId: string | undefined): void;
  /** Expires access tokens now. */
  expire(clientId: string | undefined, now: number): void;
};

/** Scopes of the sandbox's packages, by the names captures show (MCE 1.3). */
export const packageScopes: readonly string[] = [
  "offline",
  "automations_execute",
  "automations_read",
  "automations_write",
  "data_extensions_read",
  "data_extensions_write",
  "list_and_subscribers_read",
];

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Opens an empty set of tokens. */
export function openTokens(): Tokens {
  const grants = new Map<string, Grant>();
  return {
    issue: (grant) => {
      const claims = {
        access_token: randomBytes(12).toString("base64url"),
        client_id: grant.clientId,
        eid: grant.eid,
        stack_key: "S1",
      };
      const token = `${part({ alg: "HS256", kid: "1", ver: "1", typ: "JWT" })}.${part(claims)}.${randomBytes(32).toString("base64url")}`;
      grants.set(token, grant);
      return token;
    },
    check: (token, now) => {
      const grant = grants.get(token);
      if (grant === undefined) return { kind: "unknown" };
      return now < grant.expiresAt ? { kind: "good", grant } : { kind: "expired" };
    },
    all: () => [...grants.keys()],
    expire: (clientId, now) => {
      for (const grant of grants.values())
        if (clientId === undefined || grant.clientId === clientId) grant.expiresAt = now;
    },
    revoke: (clientId) => {
      for (const [token, grant] of grants)
        if (clientId === undefined || grant.clientId === clientId) grants.delete(token);
    },
  };
}
