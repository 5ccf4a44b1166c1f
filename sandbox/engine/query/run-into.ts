import type { Applied, Scope, UpdateType } from "../engine.ts";
import type { House } from "./house.ts";

/** Runs a SELECT into an existing table. */
export function runInto(
  _house: House,
  _sql: string,
  _scope: Scope,
  _target: { name: string; updateType: UpdateType },
): Applied {
  return { kind: "failed", message: "The sandbox does not run queries yet." };
}
