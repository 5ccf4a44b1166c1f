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

/** A sign-in that waits for a person. `secret` is the program's own; `userCode` is what the person compares. */
export type Handoff = {
  id: string;
  secret: string;
  userCode: string;
  verificationUrl: string;
  expiresAt: string;
  /** Seconds between two polls. */
  interval: number;
};

/** How a sign-in stands. The key works in the business unit in which the person was when it was confirmed. */
export type HandoffAnswer =
  | { status: "pending" }
  | { status: "signed-in"; mid: number; keyId: string; key: string; expiresAt: string };
