import type { Refusal, Rows, Scope } from "../engine.ts";
import type { House } from "./house.ts";

/** Runs a SELECT without a target. */
export function selectRows(_house: House, _sql: string, _scope: Scope): Rows | Refusal {
  return { kind: "refused", message: "The sandbox does not run queries yet.", unsupported: true };
}
