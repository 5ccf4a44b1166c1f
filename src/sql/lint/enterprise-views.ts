import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import { tableRefOf } from "../read/tables.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Query } from "../syntax/tree.ts";
import { tablesRead } from "../syntax/walk.ts";

/** The views only the parent has; a child may have the last one, if people unsubscribe from it alone (MCE 8.7). */
const parentViews = new Map<string, "VIEW_NEEDS_ENT:parent" | "VIEW_NEEDS_ENT:both">([
  ["_subscribers", "VIEW_NEEDS_ENT:parent"],
  ["_enterpriseattribute", "VIEW_NEEDS_ENT:parent"],
  ["_businessunitunsubscribes", "VIEW_NEEDS_ENT:both"],
]);

/** Whether a child business unit reads a view only with `Ent.`. */
export function isParentView(view: string): boolean {
  return keyOf(view) !== undefined;
}

function keyOf(view: string): "VIEW_NEEDS_ENT:parent" | "VIEW_NEEDS_ENT:both" | undefined {
  return parentViews.get(view.toLowerCase());
}

function findingOf(parts: readonly Name[]): Finding | undefined {
  const { name, ent } = tableRefOf(parts);
  const key = ent ? undefined : keyOf(name);
  if (key === undefined) return undefined;
  const { start } = placeOf(parts);
  const edits = [{ start, end: start, text: "Ent." }];
  const remark = { ...said(key, name), severity: "warning" as const, edits };
  return { ...placeOf(parts), remark };
}

/** Views of the parent that a child business unit reads as if they were its own. */
export function enterpriseViewFindings(query: Query, isChild: boolean): Finding[] {
  return isChild ? tablesRead(query).flatMap(({ name }) => findingOf(name) ?? []) : [];
}
