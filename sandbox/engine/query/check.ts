import type { CheckTarget, Refusal, Scope } from "../engine.ts";
import type { House } from "./house.ts";

/** What MCE checks when a query is saved. */
export function check(
  _house: House,
  _sql: string,
  _scope: Scope,
  _target?: CheckTarget,
): { kind: "fine"; columns: { name: string }[] } | Refusal {
  return { kind: "refused", message: "The sandbox does not run queries yet.", unsupported: true };
}
