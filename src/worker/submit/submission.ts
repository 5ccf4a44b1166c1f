import type { z } from "zod";
import { sqlMaxLength } from "#api/parts.ts";
import type { submitRun } from "#api/run-calls.ts";
import { given } from "#lang/given.ts";
import { runIdOf, type RunId } from "#protocol/ids.ts";
import { sha256 } from "#protocol/signature.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { OpenRequest } from "#run/answers.ts";
import type { Diagnostic } from "#sql/diagnostic.ts";
import { guard } from "#sql/guard.ts";
import type { User } from "../auth/caller.ts";
import { problem } from "../problem.ts";
import { sqlTooLarge } from "./body.ts";
import { fillParameters } from "./parameters.ts";

/** Turns a body of `POST /v1/runs` into what the run object opens, or the problem to answer with; stores nothing. */
export async function readSubmission(
  { sql, snippetName, target, parameters, total: isTotal }: z.output<typeof submitRun.body & {}>,
  key: string | undefined,
  user: User,
  idSecret: string,
): Promise<OpenRequest | Response> {
  const total = isTotal === true && target === undefined ? (true as const) : undefined;
  const filled = fillParameters(sql, parameters);
  if (filled instanceof Response) return filled;
  if (!filled.ok) return sqlRejected(filled.diagnostics);
  const guarded = guard(filled.sql);
  if (!guarded.ok) return sqlRejected(filled.placed(guarded.diagnostics));
  if (guarded.sql.length > sqlMaxLength) return sqlTooLarge(guarded.sql.length);
  const id = key === undefined ? randomId() : await keyedId(idSecret, user, key);
  const into = target === undefined ? [] : [target.customerKey, target.mode];
  const bodyHash = await sha256(
    JSON.stringify([sql, snippetName ?? null, ...into, ...(total === true ? ["total"] : []), ...(parameters ?? [])]),
  );
  return {
    id,
    tenancy: tenancyOf(user),
    flow: target === undefined ? "run-to-temp" : "run-to-target",
    sql: guarded.sql,
    notes: guarded.notes,
    bodyHash,
    ...given({ snippetName, target, total, filled: filled.filled }),
  };
}

function sqlRejected(diagnostics: readonly Diagnostic[]): Response {
  return problem("SQL_REJECTED", "See `diagnostics` for what is wrong and where", { diagnostics });
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
