import { given } from "#lang/given.ts";
import { z } from "zod";
import { runIdOf, type RunId } from "#protocol/ids.ts";
import { sha256 } from "#protocol/signature.ts";
import { StorableText } from "#protocol/storable-text.ts";
import { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { OpenRequest } from "#run/answers.ts";
import { guard } from "#sql/guard.ts";
import type { User } from "../app-types.ts";
import { readSqlBody } from "./body.ts";
import { problem } from "../problem.ts";

/** A user's body is strict: an unknown member is a mistake to report, not a newer program. */
export const TargetBody = z.strictObject(Target.shape);
const Body = z.strictObject({
  sql: z.string(),
  snippetName: StorableText.max(1000).optional(),
  target: TargetBody.optional(),
});
const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/** Reads `POST /v1/runs`. @returns what the run object opens, or the problem to answer with; stores nothing */
export async function readSubmission(request: Request, user: User, idSecret: string): Promise<OpenRequest | Response> {
  const body = await readSqlBody(request, Body);
  if (body instanceof Response) return body;
  const { sql, snippetName, target } = body;
  const key = readKey(request);
  if (key instanceof Response) return key;
  const guarded = guard(sql);
  if (!guarded.ok)
    return problem("SQL_REJECTED", "See `diagnostics` for what is wrong and where", {
      diagnostics: guarded.diagnostics,
    });
  const id = key === undefined ? randomId() : await keyedId(idSecret, user, key);
  const into = target === undefined ? [] : [target.customerKey, target.mode];
  const bodyHash = await sha256(JSON.stringify([sql, snippetName ?? null, ...into]));
  return {
    id,
    tenancy: tenancyOf(user),
    flow: target === undefined ? "run-to-temp" : "run-to-target",
    sql: guarded.sql,
    notes: guarded.notes,
    bodyHash,
    ...given({ snippetName, target }),
  };
}

function readKey(request: Request): string | undefined | Response {
  const header = request.headers.get("idempotency-key");
  if (header === null) return undefined;
  const key = IdempotencyKey.safeParse(header);
  if (key.success) return key.data;
  const errors = [{ path: "Idempotency-Key", message: "1 to 200 printable ASCII characters without spaces" }];
  return problem("INVALID_BODY", "The Idempotency-Key header is not valid", { errors });
}

function tenancyOf({ tenantId, userId, mid, eid, connectionId }: User): Tenancy {
  return { tenantId, userId, mid, eid, connectionId };
}

function randomId(): RunId {
  return runIdOf(crypto.getRandomValues(new Uint8Array(15)));
}

/** The same key of one user in one business unit names the same run, so its object can tell a repeat from a mismatch. */
async function keyedId(secret: string, { tenantId, userId, mid }: User, key: string): Promise<RunId> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const signer = await crypto.subtle.importKey("raw", encode(secret), hmac, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", signer, encode(JSON.stringify([tenantId, userId, mid, key])));
  return runIdOf(new Uint8Array(mac));
}
