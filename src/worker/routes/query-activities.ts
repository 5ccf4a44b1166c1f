import { Hono } from "hono";
import { writeCursor } from "#api/parts.ts";
import { listQueryActivities, readQueryActivity } from "#api/query-activity-calls.ts";
import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { listQueries, readQueryActivity as readActivity, type ListedQuery } from "#mce/soap/query-activities.ts";
import { SendableText } from "#protocol/storable-text.ts";
import { readCustomerKey } from "#run/names.ts";
import type { AppEnv } from "../app-types.ts";
import { mceProblem } from "../mce-problem.ts";
import { openMceOf } from "../open-mce.ts";
import { problem } from "../problem.ts";
import { pageByName } from "../schema/by-name.ts";
import { serve } from "../serve.ts";
import { tagged } from "../tagged.ts";

/** The Query Activities of Automation Studio, which are only read. */
export const queryActivityRoutes = new Hono<AppEnv>();

/** MCE cuts longer keys of queries (MCE 4.4); none is found by more. */
const keyMax = 200;

serve(queryActivityRoutes, listQueryActivities, async (c, { query: { q, limit, cursor: after, refresh }, headers }) => {
  const mce = await openMceOf(c.var, "previews");
  if (mce instanceof Response) return mce;
  const read = await c.var.clients.queryLists.read(c.var.user, () => listByName(mce), refresh);
  if (!read.ok) return mceProblem(read.error, "list Query Activities");
  const { entries, last } = pageByName(read.value, { q, limit, after });
  const body = { queryActivities: entries.map(shown), ...given({ cursor: last && writeCursor(last) }) };
  return tagged(c, body, headers["If-None-Match"]);
});

serve(queryActivityRoutes, readQueryActivity, async (c, { params: { key } }) => {
  const mce = await openMceOf(c.var, "previews");
  if (mce instanceof Response) return mce;
  const isPossible = key.length <= keyMax && SendableText.safeParse(key).success;
  const read = isPossible ? await readActivity(mce, key) : ok(undefined);
  if (!read.ok) return mceProblem(read.error, "read Query Activities");
  if (read.value === undefined)
    return problem("QUERY_ACTIVITY_NOT_FOUND", "Your business unit has no Query Activity with this key");
  const { sql, target } = read.value;
  const into = target && { key: target.customerKey, name: target.name, mode: modeOf(target.updateType) };
  return c.json({ ...shown(read.value), sql, ...given({ target: into }) });
});

/** All but our own, by name. */
async function listByName(mce: Mce): Promise<Answer<ListedQuery[]>> {
  const listed = await listQueries(mce);
  if (!listed.ok) return listed;
  const others = listed.value.filter(({ customerKey }) => readCustomerKey(customerKey) === undefined);
  const lower = ({ name }: ListedQuery) => name.toLowerCase();
  return ok(others.toSorted((one, other) => (lower(one) < lower(other) ? -1 : 1)));
}

function shown({ name, customerKey, folderId, modifiedAt }: ListedQuery) {
  const at = modifiedAt === undefined ? undefined : new Date(modifiedAt).toISOString();
  return { name, key: customerKey, ...given({ folderId, modifiedAt: at }) };
}

/** MCE's word for what a query does to its target; `Add` is an old one for Append. */
function modeOf(updateType: string): "overwrite" | "append" | "update" {
  const word = updateType.trim().toLowerCase();
  return word === "update" ? "update" : word === "append" || word === "add" ? "append" : "overwrite";
}
