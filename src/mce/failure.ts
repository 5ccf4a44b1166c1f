import { given } from "#lang/given.ts";
import { scopesOf, type Scope } from "./scopes.ts";

/**
 * Why MCE gave no value. `retry` is a fact about MCE, not an order: the transport never retries, its callers decide.
 * `message` may quote MCE (and so row values: mask before it is stored), never a token or a secret.
 */
export type MceFailure =
  /** REST 429 or the rate-limit fault of SOAP: refused before anything was done; `isHeld`: by our own budget, unsent. */
  | { kind: "throttled"; retry: "later"; waitMs: number; isHeld?: true; message: string }
  /** Network, time-out, HTTP 5xx, or an answer nobody can read. `none`: surely nothing was changed in MCE. */
  | { kind: "unavailable"; retry: "later"; effect: Effect; message: string }
  /** Refused with a fresh token too, or no token for these credentials. */
  | { kind: "unauthorized"; retry: "never"; message: string }
  /** The installed package lacks a scope; `needs`: those without which this call is refused, as far as they are known. */
  | { kind: "forbidden"; retry: "never"; message: string; needs?: readonly Scope[] }
  /** A refusal by MCE itself; `message` is MCE's own text, `code` its number where it gave one. */
  | { kind: "rejected"; retry: "never"; code: string; message: string }
  /** The caller's own signal. */
  | { kind: "aborted"; retry: "never"; message: string };

/** What a call may have changed in MCE when its answer is missing. */
export type Effect = "none" | "unknown";

/** What every call of this folder comes back with. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: MceFailure };

/** A value as an answer. */
export function answered<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A failure as an answer. */
export function failed(failure: MceFailure): { ok: false; failure: MceFailure } {
  return { ok: false, failure };
}

/** An answer that did not come or cannot be read. */
export function unavailable(effect: Effect, message: string): { ok: false; failure: MceFailure } {
  return failed({ kind: "unavailable", retry: "later", effect, message });
}

/** A refusal in MCE's own words. */
export function rejected(code: string, message: string): { ok: false; failure: MceFailure } {
  return failed({ kind: "rejected", retry: "never", code, message });
}

/** A call the installed package may not make. @param name the call's, which tells what it needs */
export function forbidden(name: string, message: string): { ok: false; failure: MceFailure } {
  const needs = scopesOf(name);
  return failed({
    kind: "forbidden",
    retry: "never",
    message,
    ...given({ needs: needs.length === 0 ? undefined : needs }),
  });
}
