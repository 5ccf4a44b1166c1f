import type { z } from "zod";
import type { ParametersBody } from "#api/shapes/parameters.ts";
import type { Diagnostic } from "#sql/diagnostic.ts";
import { parameterLiteral } from "#sql/parameter-literal.ts";
import { placedIn, withParameters, type FilledPlace } from "#sql/parameters.ts";
import { problem } from "../problem.ts";

/** A text with its parameters' values, and how to say of its places where they are in the user's own text. */
export type Filled =
  | {
      ok: true;
      sql: string;
      filled?: readonly FilledPlace[];
      placed: (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];
    }
  | { ok: false; diagnostics: readonly Diagnostic[] };

/** The detail for a value that does not have its type. It never quotes the value. */
const wanted = {
  text: "A text, or null",
  number: "A whole number of at most 38 digits, or null",
  decimal: "A number of at most 38 digits, without an exponent, or null",
  date: "A date as 2026-01-15 or 2026-01-15T10:30:00, or null",
  boolean: "true, false or null",
};

/** Writes the values into the text, which stays as it is without parameters; or answers that a value does not have its type. */
export function fillParameters(
  sql: string,
  parameters: z.output<typeof ParametersBody> | undefined,
): Filled | Response {
  if (parameters === undefined || parameters.length === 0)
    return { ok: true, sql, placed: (diagnostics) => diagnostics };
  const literals = parameters.map((one) => ({ name: one.name.replace(/^@/, ""), literal: parameterLiteral(one) }));
  const errors = parameters.flatMap(({ type }, index) =>
    literals[index]?.literal === undefined ? [{ path: `parameters.${index}.value`, message: wanted[type] }] : [],
  );
  if (errors.length > 0) return problem("INVALID_BODY", "See `errors` for what to change", { errors });
  const filled = withParameters(
    sql,
    literals.flatMap(({ name, literal }) => (literal === undefined ? [] : [{ name, literal }])),
  );
  if (!filled.ok) return filled;
  const { written } = filled;
  return {
    ok: true,
    sql: written.sql,
    filled: filled.filled,
    placed: (diagnostics) => placedIn(sql, written, diagnostics),
  };
}
