import type { Finding } from "../diagnostic.ts";
import { tableRefOf } from "../read/tables.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Query } from "../syntax/tree.ts";
import { tablesRead } from "../syntax/walk.ts";

/** The views only the parent has; a child may have the last one, if people unsubscribe from it alone (MCE 8.7). */
const parentViews: Readonly<Record<string, string>> = {
  _subscribers: "the parent business unit has it, a child does not",
  _enterpriseattribute: "the parent business unit has it, a child does not",
  _businessunitunsubscribes: "a child has it only where people unsubscribe from that business unit alone",
};

/** Whether a child business unit reads a view only with `Ent.`. */
export function isParentView(view: string): boolean {
  return Object.hasOwn(parentViews, view.toLowerCase());
}

function findingOf(parts: readonly Name[]): Finding | undefined {
  const { name, ent } = tableRefOf(parts);
  if (ent || !isParentView(name)) return undefined;
  const message = `${name} is read in a child business unit without Ent.: ${parentViews[name.toLowerCase()]}`;
  const { start } = placeOf(parts);
  const edits = [{ start, end: start, text: "Ent." }];
  const remark = { code: "VIEW_NEEDS_ENT", severity: "warning" as const, message, fix: `Write Ent.${name}`, edits };
  return { ...placeOf(parts), remark };
}

/** Views of the parent that a child business unit reads as if they were its own. */
export function enterpriseViewFindings(query: Query, isChild: boolean): Finding[] {
  return isChild ? tablesRead(query).flatMap(({ name }) => findingOf(name) ?? []) : [];
}
