import { expect } from "vitest";
import { check, type CheckContext } from "#sql/check.ts";
import { fieldsOf } from "./tables.ts";

/** The time of the checks: the views reach back from here. */
export const now = Date.UTC(2026, 10, 30, 12);

/** What a check says of a query that it does not refuse. */
export function hints(sql: string, context: CheckContext = { now }) {
  const { ok, diagnostics } = check(sql, fieldsOf, context);
  expect(ok, "a hint refuses nothing").toBe(true);
  return diagnostics;
}

/** The codes of what it says. */
export const codes = (sql: string, context?: CheckContext) => hints(sql, context).map(({ code }) => code);

/** The first thing it says. */
export const first = (sql: string, context?: CheckContext) => hints(sql, context)[0];
