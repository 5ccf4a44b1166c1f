import type { GrantRequest } from "#protocol/claim.ts";
import type { Grant } from "#protocol/grant.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Run } from "./run.ts";

export type GrantDecision =
  | { kind: "granted"; run: Run; grant: Grant }
  | { kind: "already"; grant: Grant }
  | { kind: "refused" };

/** Grants Perform `n` once (D4). Pure; the caller has checked the epoch. */
export function grantPerform(run: Run, ask: GrantRequest, now: number): GrantDecision {
  const last = run.grant;
  if (isOver(run.status) || run.status !== "running") return { kind: "refused" };
  if (last?.n === ask.n) {
    return last.nonce === ask.nonce ? { kind: "granted", run, grant: last } : { kind: "already", grant: last };
  }
  if (ask.n !== (last?.n ?? 0) + 1) return last === undefined ? { kind: "refused" } : { kind: "already", grant: last };
  if (last !== undefined && last.state !== "rejected") return { kind: "already", grant: last };
  const grant: Grant = { n: ask.n, nonce: ask.nonce, at: now, state: "open" };
  return { kind: "granted", run: { ...run, grant }, grant };
}
