import type { Err } from "#lang/result.ts";
import { forbidden, rejected, unavailable, type MceFailure } from "../failure.ts";
import { throttled } from "../http.ts";

/** A refusal of SOAP. Only a fault has `role` and `detail`. */
export type Refusal = { text: string; code?: string; role?: string; detail?: string };

/** MCE's words for a missing permission, on any object and in any answer (MCE 2.3, 2.5). */
const noPermission =
  /API Permission Failed|insufficient (?:privileges|permissions?)|does not have\b.*\bauthori[sz]ation/is;
const notProcessed = /request was not processed/i;
const spike = /^\s*(?:error:\s*)?rate limited\.?\s*$|abnormal spike in your call volume/i;
/** For an object, codes 1 and 13 also mean that its name is in use (MCE 2.5). */
const nameInUse = /exist|already|duplicate|unique|in use|taken/i;

/**
 * Finds the kind of failure of a SOAP refusal, in a fault, an OverallStatus or a result. Pure.
 *
 * @param name the call's
 * @param waitMs how long the answer's headers ask to wait
 * @returns undefined for a refusal that is not known to have changed nothing
 */
export function refusalOf(name: string, refusal: Refusal, waitMs?: number): Err<MceFailure> | undefined {
  const { text, code, detail = "" } = refusal;
  if (code === "17" || spike.test(text) || spike.test(detail)) return throttled(name, waitMs);
  if (code === "11" || noPermission.test(text) || noPermission.test(detail)) return forbidden(name, text);
  return isUndone(refusal) ? unavailable("none", `Cannot do ${name} now: ${text}`) : undefined;
}

/** Returns a refusal as a failure: of a known kind, else `rejected` in MCE's words. */
export function refused(name: string, refusal: Refusal & { code: string }): Err<MceFailure> {
  return refusalOf(name, refusal) ?? rejected(refusal.code, refusal.text);
}

/** Maintenance and database trouble: MCE did nothing (MCE 2.5). */
function isUndone({ text, code, role, detail = "" }: Refusal): boolean {
  if (notProcessed.test(text) || notProcessed.test(detail) || code === "9" || code === "10") return true;
  return (code === "1" || code === "13") && (role !== undefined || !nameInUse.test(text));
}
