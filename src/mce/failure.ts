import { given } from "#lang/given.ts";
import { err, type Err, type Result } from "#lang/result.ts";
import { scopesOf, type Scope } from "./scopes.ts";

/**
 * Why a call gave no value. `retry` is a fact about MCE, not an instruction: the transport never retries, its callers
 * decide. `message` may quote MCE, and so row values (mask it before it is stored), but never a token or a secret.
 */
export type MceFailure =
  /** REST 429 or SOAP's rate-limit fault: refused before anything was done. `isHeld`: by our own budget, not sent. */
  | { kind: "throttled"; retry: "later"; waitMs: number; isHeld?: true; message: string }
  /** Network, time-out, HTTP 5xx, or an unreadable answer. Effect `none`: certainly nothing was changed in MCE. */
  | { kind: "unavailable"; retry: "later"; effect: Effect; message: string }
  /** Refused even with a fresh token, or no token for these credentials. `oauth`: OAuth's own code, if MCE gave one. */
  | { kind: "unauthorized"; retry: "never"; message: string; oauth?: string }
  /** The installed package lacks a scope. `needs`: the scopes that this call requires, if known. */
  | { kind: "forbidden"; retry: "never"; message: string; needs?: readonly Scope[] }
  /** A refusal by MCE itself. `message` is MCE's own text, `code` its number if it gave one. */
  | { kind: "rejected"; retry: "never"; code: string; message: string }
  /** The caller's signal aborted the call. */
  | { kind: "aborted"; retry: "never"; message: string };

/** What a call may have changed in MCE when its answer is missing. */
export type Effect = "none" | "unknown";

/** What every call of this folder returns. */
export type Answer<T> = Result<T, MceFailure>;

/** A failure for an answer that did not come or cannot be read. */
export function unavailable(effect: Effect, message: string): Err<MceFailure> {
  return err({ kind: "unavailable", retry: "later", effect, message });
}

/** A failure for a refusal in MCE's own words. */
export function rejected(code: string, message: string): Err<MceFailure> {
  return err({ kind: "rejected", retry: "never", code, message });
}

/** A failure for a call that the installed package may not make. @param name the call's, which gives the scopes it needs */
export function forbidden(name: string, message: string): Err<MceFailure> {
  const needs = scopesOf(name);
  return err({
    kind: "forbidden",
    retry: "never",
    message,
    ...given({ needs: needs.length === 0 ? undefined : needs }),
  });
}
