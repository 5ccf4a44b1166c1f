import { open, seal, type Place, type Vault } from "#db/vault.ts";
import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { FilledPlace, type RunSpec } from "#protocol/claim.ts";
import type { OpenRequest } from "#run/answers.ts";
import type { RunRecord } from "#run/record.ts";

/** Seals a run's SQL, and where it has parameters' values (D2, D45). */
export async function sealSql(
  vault: Vault,
  { sql, filled, ...request }: OpenRequest,
): Promise<Pick<RunRecord, "sealedSql" | "sealedFilled">> {
  const sealedSql = await seal(vault, sql, placeOf(request, "sql"));
  const sealedFilled = filled && (await seal(vault, JSON.stringify(filled), placeOf(request, "filled")));
  return { sealedSql, ...given({ sealedFilled }) };
}

/** Opens both; nothing of what is not there. */
export async function openSql(
  vault: Vault,
  { run, sealedSql, sealedFilled }: RunRecord,
): Promise<Partial<Pick<RunSpec, "sql" | "filled">>> {
  const sql = sealedSql && (await open(vault, sealedSql, placeOf(run, "sql")));
  const places = sealedFilled && readJson(await open(vault, sealedFilled, placeOf(run, "filled")));
  return given({ sql, filled: FilledPlace.array().safeParse(places).data });
}

/** An envelope copied into another run's object, or to another place of it, does not open. */
function placeOf({ tenancy, id }: Pick<OpenRequest, "tenancy" | "id">, field: "sql" | "filled"): Place {
  return { table: "run-object", tenantId: tenancy.tenantId, row: id, field };
}
