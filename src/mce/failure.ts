/**
 * Why MCE gave no value. `retry` is a fact about MCE, not an order: the transport never retries, its callers decide.
 * `message` may quote MCE (and so row values: mask before it is stored), never a token or a secret. Where a sentence
 * of ours stands before MCE's words, `ownSentence` knows it.
 */
export type MceFailure =
  /** REST 429 or the rate-limit fault of SOAP: refused before anything was done. */
  | { kind: "throttled"; retry: "later"; waitMs: number; message: string }
  /** Network, time-out, HTTP 5xx, or an answer nobody can read. `none`: surely nothing was changed in MCE. */
  | { kind: "unavailable"; retry: "later"; effect: Effect; message: string }
  /** Refused with a fresh token too, or no token for these credentials. */
  | { kind: "unauthorized"; retry: "never"; message: string }
  /** The installed package lacks a scope (REST 403). */
  | { kind: "forbidden"; retry: "never"; message: string }
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

/** The sentence of ours that a message begins with; what follows its colon is MCE's. */
export const ownSentence =
  /^(?:Cannot (?:do|read|use) (?:AUTH|REST|SOAP) [^:]*|MCE refuses the connection's credentials \(HTTP \d+\))(?:: (?:MCE answered with a fault: |the token endpoint answered \d+: )?|$)/;

/** What stands in `message` where MCE refuses and does not say why. */
export const noReason = "MCE gives no reason";

/** Whether the message of a refusal names no reason: none of MCE's, a bare status, or a sentence of ours in its place. */
export function isWithoutReason(message: string): boolean {
  return /^(?:MCE gives no reason|MCE refuses (?:AUTH|REST|SOAP) [\w ]+|(?:has )?errors?\W*)?$/i.test(message.trim());
}
