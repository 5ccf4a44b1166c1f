import { check } from "#sql/check.ts";
import type { Diagnostic } from "#sql/diagnostic.ts";
import { editedBy } from "./edited.ts";
import { fieldsOf } from "./tables.ts";

const context = { tableNames: ["People", "Orders", "My DE"], isShared: (name: string) => name === "Shared" };

/** What there is to say about a text over the tests' tables. */
export function diagnosticsOf(sql: string): readonly Diagnostic[] {
  return check(sql, fieldsOf, context).diagnostics;
}

/** A text with the first edit made that is offered for its gravest faults; `no edit` where none is. */
export function mended(sql: string): string {
  const offering = diagnosticsOf(sql).filter(({ edits }) => edits !== undefined);
  const first =
    offering.find(({ severity }) => severity === "error") ??
    offering.find(({ severity }) => severity === "warning") ??
    offering[0];
  return first?.edits === undefined ? "no edit" : editedBy(sql, first.edits);
}

/** A text with all edits made that one check offers. */
export function mendedAtOnce(sql: string): string {
  return editedBy(
    sql,
    diagnosticsOf(sql).flatMap(({ edits = [] }) => edits),
  );
}
