import { open, seal, type Vault } from "#db/vault.ts";
import type { Owner } from "../admin/installation.ts";
import { sealedColumns, type SealedColumn } from "./sealed-columns.ts";

/** What came of a rotation; `failures` has one line for each text that cannot be opened. */
export type Rotation = { sealed: number; changed: number; failures: string[] };

/** So much is read at once. */
const batch = 100;

/**
 * Seals every text anew that an older key has sealed. It can be interrupted and done again: what is sealed with the newest
 * key is passed over, and a text that somebody else changes meanwhile is left as it is then.
 */
export async function rotate(owner: Pick<Owner, "query">, vault: Vault): Promise<Rotation> {
  const total: Rotation = { sealed: 0, changed: 0, failures: [] };
  for (const column of sealedColumns) {
    const { sealed, changed, failures } = await rotateColumn(owner, vault, column);
    total.sealed += sealed;
    total.changed += changed;
    total.failures.push(...failures);
  }
  return total;
}

async function rotateColumn(owner: Pick<Owner, "query">, vault: Vault, column: SealedColumn): Promise<Rotation> {
  const { table, field, row } = column;
  const result: Rotation = { sealed: 0, changed: 0, failures: [] };
  let after = "";
  for (;;) {
    const { rows } = await owner.query(
      `select ${row} as row, tenant_id::text as tenant, ${field} as envelope from sqe.${table}
       where ${field} is not null and ${field} not like $1 and ${row} > $2 order by 1 limit ${batch}`,
      [`v1.${vault.newest}.%`, after],
    );
    for (const found of rows) {
      const [name, tenantId, envelope] = [found["row"], found["tenant"], found["envelope"]].map(String);
      if (name === undefined || tenantId === undefined || envelope === undefined) continue;
      const place = { table, tenantId, row: name, field };
      const fresh = await reseal(vault, envelope, place);
      if (fresh.ok) await put(owner, column, result, [fresh.envelope, name, envelope]);
      else result.failures.push(`${table} ${name}: ${fresh.why}`);
      after = name;
    }
    if (rows.length < batch) return result;
  }
}

type Resealed = { ok: true; envelope: string } | { ok: false; why: string };

async function reseal(vault: Vault, envelope: string, place: Parameters<typeof seal>[2]): Promise<Resealed> {
  try {
    return { ok: true, envelope: await seal(vault, await open(vault, envelope, place), place) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : "unknown" };
  }
}

async function put(
  owner: Pick<Owner, "query">,
  { table, field, row }: SealedColumn,
  result: Rotation,
  values: [string, string, string],
): Promise<void> {
  const { rows } = await owner.query(
    `update sqe.${table} set ${field} = $1 where ${row} = $2 and ${field} = $3 returning 1 as done`,
    values,
  );
  if (rows.length === 1) result.sealed += 1;
  else result.changed += 1;
}
