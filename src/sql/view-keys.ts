import { dataView, dataViewNames } from "./data-views.ts";
import { isSameName } from "./read/scope.ts";

/** A column and what it equals in another view. */
export type KeyPart = { column: string; other: string };

/** Columns that say which rows of two views belong together, the first that both have. Source: MCE 8.7, the key columns. */
const sameNames: readonly (readonly string[])[] = [
  ["JobID", "ListID", "BatchID", "SubscriberID"],
  ["JobID", "BatchID", "SubscriberID"],
  ["JobID"],
  ["ListID", "SubscriberID"],
  ["SubscriberID"],
  ["VersionID"],
  ["AutomationInstanceID"],
  ["_DeviceID", "_APID"],
  ["_MobileNumber"],
  ["MobileNumber"],
];

/** Keys with two names: a Contact ID is a SubscriberID, a journey's definition its version (MCE 8.7). */
const otherNames: readonly KeyPart[] = [
  { column: "_ContactID", other: "SubscriberID" },
  { column: "ContactID", other: "SubscriberID" },
  { column: "_SubscriberID", other: "SubscriberID" },
  { column: "_ContactID", other: "ContactID" },
  { column: "_SubscriberID", other: "_ContactID" },
  { column: "JBDefinitionID", other: "VersionID" },
];

function listed(view: string, name: string): string | undefined {
  return dataView(view)?.columns.find((column) => isSameName(column.name, name))?.name;
}

/** What two views are joined by; nothing where they have no key in common. */
export function keysOf(view: string, other: string): KeyPart[] | undefined {
  for (const names of sameNames) {
    const parts = names.flatMap((name) => pair(view, name, other, name));
    if (parts.length === names.length) return parts;
  }
  for (const { column, other: name } of otherNames) {
    const [part] = [...pair(view, column, other, name), ...pair(view, name, other, column)];
    if (part !== undefined) return [part];
  }
  return undefined;
}

function pair(view: string, name: string, other: string, otherName: string): KeyPart[] {
  const [column, its] = [listed(view, name), listed(other, otherName)];
  return column === undefined || its === undefined ? [] : [{ column, other: its }];
}

/** The views one can be joined to, and by what. */
export function joinsOf(view: string): { view: string; on: KeyPart[] }[] {
  return dataViewNames.flatMap((other) => {
    const on = isSameName(view, other) ? undefined : keysOf(view, other);
    return on === undefined ? [] : [{ view: other, on }];
  });
}
