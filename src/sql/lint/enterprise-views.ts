import type { Finding } from "../diagnostic.ts";
import type { Name } from "../read/ast.ts";
import { tableNames } from "../read/one-query.ts";
import { tableRefOf } from "../read/tables.ts";
import { placeOf, type Places } from "../text/places.ts";

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

function findingOf(places: Places, parts: readonly Name[]): Finding | undefined {
  const { name, ent } = tableRefOf(parts);
  if (ent || !isParentView(name)) return undefined;
  const message = `${name} is read in a child business unit without Ent.: ${parentViews[name.toLowerCase()]}`;
  const remark = { code: "VIEW_NEEDS_ENT", severity: "warning" as const, message, fix: `Write Ent.${name}` };
  return { ...placeOf(places, parts), remark };
}

/** Views of the parent that a child business unit reads as if they were its own. */
export function enterpriseViewFindings(query: unknown, places: Places, isChild: boolean | undefined): Finding[] {
  return isChild === true ? tableNames(query).flatMap((parts) => findingOf(places, parts) ?? []) : [];
}
