/** What a key or a token allows. */
export type Scope = "runs:read" | "runs:write" | "runs:target" | "tables:read" | "mcp";

/** An API key in a list: never its secret. */
export type ApiKey = {
  id: string;
  name: string;
  scopes: readonly string[];
  createdAt: string;
  lastUsedAt?: string;
  expiresAt?: string;
};

/** A key that was just made. Nobody can read `key` again. */
export type NewApiKey = { id: string; key: string; name: string; scopes: readonly string[]; expiresAt: string };

/** A bearer token of 15 minutes. */
export type ShortLivedToken = { token: string; scopes: readonly string[]; runId?: string; expiresAt: string };
