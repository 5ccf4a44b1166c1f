import type { Mce } from "#mce/client.ts";
import type { TableRef } from "#sql/fields.ts";
import { openNearest } from "#sql/lint/nearest.ts";
import type { AppEnv } from "../app-types.ts";
import { mceProblem } from "../mce-problem.ts";
import { problem } from "../problem.ts";
import type { Catalogue, Table } from "./catalogue.ts";
import { loadCatalogue } from "./load-catalogue.ts";
import { readTableName } from "./table-name.ts";

type Vars = Pick<AppEnv["Variables"], "clients" | "user">;

/** Who asks for a name that is not there creates it next, so a list of that age is read again for it. */
const freshMs = 60_000;

/** Reads the business unit's tables, from memory if it can. @returns the problem to answer with when MCE gives none */
export async function readCatalogue(
  { clients, user }: Vars,
  mce: Mce,
  isRefresh: boolean = false,
): Promise<Catalogue | Response> {
  const read = await clients.catalogues.read(user, () => loadCatalogue(mce, clients.platform.now()), isRefresh);
  return read.ok ? read.value : mceProblem(read.error, "list Data Extensions");
}

/** Finds a table by the name in a path. @returns TABLE_NOT_FOUND with names like it, or why MCE cannot be asked */
export async function findTable(
  vars: Vars,
  mce: Mce,
  text: string,
): Promise<{ table: Table; ref: TableRef } | Response> {
  const ref = readTableName(text);
  const wanted = ref === undefined ? text : nameOf(ref);
  let catalogue = await readCatalogue(vars, mce);
  if (catalogue instanceof Response) return catalogue;
  if (ref === undefined) return notFound(wanted, catalogue);
  const isParent = mce.mid === mce.eid;
  let table = tableIn(catalogue, ref, isParent);
  if (table === undefined && vars.clients.platform.now() - catalogue.loadedAt > freshMs) {
    catalogue = await readCatalogue(vars, mce, true);
    if (catalogue instanceof Response) return catalogue;
    table = tableIn(catalogue, ref, isParent);
  }
  return table === undefined ? notFound(wanted, catalogue) : { table, ref };
}

/** The table of a name: `Ent.` reaches the parent's data views from everywhere, and in the parent what it shares. */
function tableIn({ byName }: Catalogue, ref: TableRef, isParent: boolean): Table | undefined {
  const found = byName.get(nameOf(ref).toLowerCase());
  const own = found === undefined && ref.ent ? byName.get(ref.name.toLowerCase()) : undefined;
  if (own === undefined || !(isParent || own.kind === "data-view")) return found;
  return { ...own, name: nameOf({ ...ref, name: own.name }) };
}

function nameOf({ name, ent }: TableRef): string {
  return ent ? `Ent.${name}` : name;
}

const shownMax = 100;

function notFound(wanted: string, { tables }: Catalogue): Response {
  const like = openNearest()(
    wanted,
    tables.map(({ name }) => name),
  )?.name;
  const shown = wanted.length > shownMax ? `${wanted.slice(0, shownMax)}…` : wanted;
  const advice = like === undefined ? "" : `; did you mean "${like}"?`;
  return problem("TABLE_NOT_FOUND", `Your business unit shows no table "${shown.toWellFormed()}"${advice}`, {
    near: like === undefined ? [] : [like],
  });
}
