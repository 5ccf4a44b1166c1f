import type { Database } from "#db/database.ts";
import type { Vault } from "#db/vault.ts";
import type { RunId, UserId } from "#protocol/ids.ts";
import type { Scope } from "#protocol/scope.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Config } from "../config.ts";
import type { KnownIssuers } from "./known-issuers.ts";
import type { KnownKeys } from "./known-keys.ts";
import type { KnownMembers } from "./known-members.ts";
import type { PublicKeys } from "./public-keys.ts";

/** What a caller has shown. */
type Credential = "session" | "key" | "short-lived" | "issuer" | "development";

/** A user of a tenant in one business unit. */
export type User = { kind: "user" } & Tenancy & {
    scopes: ReadonlySet<Scope>;
    role: "member" | "administrator";
    via: Credential;
    /** The one run that the credential is for; absent: any. */
    runId?: RunId;
    /** When the credential ends, in epoch milliseconds; absent where it is renewed on use. */
    endsAt?: number;
    /** When an open stream has to end, in epoch milliseconds: nothing tells a stream that its caller was switched off. */
    recheckAt: number;
  };

/** An operator of the service, who is nobody's user. */
type Operator = { kind: "operator"; userId: UserId };

/** Who calls. */
export type Caller = User | Operator;

/** What reading a credential may take. */
export type CredentialDeps = {
  config: Config;
  now: () => number;
  keys: KnownKeys;
  issuers: KnownIssuers;
  members: KnownMembers;
  publicKeys: PublicKeys;
  vault: Promise<Vault>;
  /** Postgres as sqe_system. */
  system: Database;
  /** Takes work that the answer need not wait for. */
  defer: (work: Promise<unknown>) => void;
};

/** The detail of a 401 for a request without a credential, or with one that this service does not know. */
export const noCredential = "Send an API key or a valid token as `Authorization: Bearer <token>`";

/** The detail of a 401 for a valid token whose person is switched off. */
export const switchedOff = "The token belongs to somebody who may no longer use this service";
