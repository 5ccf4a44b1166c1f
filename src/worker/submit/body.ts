import type { z } from "zod";
import { readJson } from "#lang/json.ts";
import { problem } from "../problem.ts";
import { readRequestText } from "./request-text.ts";

/** DESIGN section 3. */
const sqlMaxLength = 100_000;
/** The longest SQL, with the worst JSON escaping, and some room for the rest. */
const bodyMaxBytes = 1_000_000;

/** Reads a JSON body with a query. @returns its value, or the problem to answer with */
export async function readSqlBody<T extends { sql: string }>(
  request: Request,
  shape: z.ZodType<T>,
): Promise<T | Response> {
  const read = await readRequestText(request, bodyMaxBytes);
  if (read.kind === "too-large") return problem("TOO_LARGE", `The body is over ${bodyMaxBytes} bytes`);
  if (read.kind === "not-utf-8") return problem("INVALID_JSON", "The body is not UTF-8, as JSON must be");
  const json = readJson(read.text);
  if (json === undefined) return problem("INVALID_JSON", 'Send a JSON object such as {"sql": "SELECT …"}');
  const body = shape.safeParse(json);
  if (!body.success)
    return problem("INVALID_BODY", "See `errors` for what to change", { errors: body.error.issues.map(issueOf) });
  const { length } = body.data.sql;
  if (length > sqlMaxLength)
    return problem("TOO_LARGE", `The SQL has ${length} characters; the maximum is ${sqlMaxLength}`);
  return body.data;
}

function issueOf(issue: z.core.$ZodIssue): { path: string; message: string } {
  return { path: issue.path.join(".") || "(body)", message: issue.message };
}
