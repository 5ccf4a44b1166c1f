import type { z } from "zod";
import { sqlMaxLength } from "#api/parts.ts";
import { readJson } from "#lang/json.ts";
import { problem } from "../problem.ts";
import { readRequestText } from "./request-text.ts";

/** The longest SQL, with the worst JSON escaping, and some room for the rest. */
const bodyMaxBytes = 1_000_000;

/** Reads a JSON body. @returns its value, or the problem to answer with */
export async function readBody<T>(request: Request, shape: z.ZodType<T>): Promise<T | Response> {
  const read = await readRequestText(request, bodyMaxBytes);
  if (read.kind === "too-large") return problem("TOO_LARGE", `The body is over ${bodyMaxBytes} bytes`);
  if (read.kind === "not-utf-8") return problem("INVALID_JSON", "The body is not UTF-8, as JSON must be");
  const json = readJson(read.text);
  if (json === undefined) return problem("INVALID_JSON", 'Send a JSON object such as {"sql": "SELECT …"}');
  const body = shape.safeParse(json);
  if (body.success) return body.data;
  const { issues } = body.error;
  if (issues.every(isLongSql)) return tooLong(json);
  return problem("INVALID_BODY", "See `errors` for what to change", { errors: issues.map(issueOf) });
}

/** What is wrong with one member of a request. */
export function issueOf(issue: z.core.$ZodIssue): { path: string; message: string } {
  return { path: issue.path.join(".") || "(body)", message: issue.message };
}

function isLongSql({ code, path }: z.core.$ZodIssue): boolean {
  return code === "too_big" && path.length === 1 && path[0] === "sql";
}

function tooLong(json: unknown): Response {
  // The shape has just found its text too long.
  const { length } = (json as { sql: string }).sql;
  return sqlTooLarge(length);
}

/** Says how long a text is, values of parameters included, and may be. */
export function sqlTooLarge(length: number): Response {
  return problem("TOO_LARGE", `The SQL has ${length} characters; the maximum is ${sqlMaxLength}`);
}
