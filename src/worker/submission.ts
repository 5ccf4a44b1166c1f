import { z } from "zod";
import type { RunId } from "#protocol/ids.ts";
import { runIdOf } from "#protocol/ids.ts";
import { sha256 } from "#protocol/signature.ts";
import { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { OpenRequest } from "#run-object/answers.ts";
import { guard } from "#sql/guard.ts";
import type { User } from "./app-types.ts";
import { problem } from "./problem.ts";

/** DESIGN section 3. */
const sqlMaxLength = 100_000;
/** The SQL at its longest, JSON-escaped at its worst, and room for the rest. */
const bodyMaxBytes = 1_000_000;

const Body = z.strictObject({
  sql: z.string(),
  snippetName: z.string().max(1000).optional(),
  target: Target.optional(),
});
const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/** Turns `POST /v1/runs` into what the run object opens, or into the problem to answer; nothing is stored before this. */
export async function readSubmission(request: Request, user: User, idSecret: string): Promise<OpenRequest | Response> {
  const text = await request.text();
  if (text.length > bodyMaxBytes) return problem("TOO_LARGE", `The body is over ${bodyMaxBytes} characters`);
  const json = readJson(text);
  if (json === undefined) return problem("INVALID_JSON", 'Send a JSON object such as {"sql": "SELECT …"}');
  const body = Body.safeParse(json.value);
  if (!body.success)
    return problem("INVALID_BODY", "See `errors` for what to change", { errors: body.error.issues.map(issueOf) });
  const { sql, snippetName, target } = body.data;
  if (sql.length > sqlMaxLength) {
    return problem("TOO_LARGE", `The SQL has ${sql.length} characters; at most ${sqlMaxLength} can be run`);
  }
  const key = readKey(request);
  if (key instanceof Response) return key;
  const guarded = guard(sql);
  if (!guarded.ok)
    return problem("SQL_REJECTED", "See `diagnostics` for what and where", { diagnostics: guarded.diagnostics });
  if (target !== undefined)
    return problem("NOT_YET", "Running into an existing Data Extension comes with a later issue");
  const id = key === undefined ? randomId() : await keyedId(idSecret, user, key);
  const bodyHash = await sha256(JSON.stringify([sql, snippetName ?? null]));
  const named = snippetName === undefined ? {} : { snippetName };
  return {
    id,
    tenancy: tenancyOf(user),
    flow: "run-to-temp",
    sql: guarded.sql,
    notes: guarded.notes,
    bodyHash,
    ...named,
  };
}

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function readKey(request: Request): string | undefined | Response {
  const header = request.headers.get("idempotency-key");
  if (header === null) return undefined;
  const key = IdempotencyKey.safeParse(header);
  if (key.success) return key.data;
  const errors = [{ path: "Idempotency-Key", message: "1 to 200 printable ASCII characters without spaces" }];
  return problem("INVALID_BODY", "The Idempotency-Key header is not usable", { errors });
}

function issueOf(issue: z.core.$ZodIssue): { path: string; message: string } {
  return { path: issue.path.join(".") || "(body)", message: issue.message };
}

function tenancyOf({ tenantId, userId, mid, eid, connectionId }: User): Tenancy {
  return { tenantId, userId, mid, eid, connectionId };
}

function randomId(): RunId {
  return runIdOf(crypto.getRandomValues(new Uint8Array(15)));
}

/** The same key of the same user is the same run, so the object itself tells a repeat from a mismatch. */
async function keyedId(secret: string, { tenantId, userId }: User, key: string): Promise<RunId> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const signer = await crypto.subtle.importKey("raw", encode(secret), hmac, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", signer, encode(JSON.stringify([tenantId, userId, key])));
  return runIdOf(new Uint8Array(mac));
}
