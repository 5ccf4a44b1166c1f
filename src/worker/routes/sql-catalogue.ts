import { Hono } from "hono";
import { listDataViews, listFunctions } from "#api/sql-calls.ts";
import { given } from "#lang/given.ts";
import { dataView, dataViewNames, isToldByMce } from "#sql/data-views.ts";
import { knownFunctions } from "#sql/functions/all.ts";
import { reachOf, reachWords } from "#sql/view-reach.ts";
import type { AppEnv } from "../app-types.ts";
import { shownField } from "../schema/fields.ts";
import { serve } from "../serve.ts";
import { tagged } from "../tagged.ts";

/** What T-SQL and Marketing Cloud bring along; the same for everybody. */
export const sqlCatalogueRoutes = new Hono<AppEnv>();

serve(sqlCatalogueRoutes, listFunctions, (c, { headers }) =>
  tagged(c, { functions: [...knownFunctions()].sort().map((name) => ({ name })) }, headers["If-None-Match"]),
);

serve(sqlCatalogueRoutes, listDataViews, (c, { headers }) => {
  const dataViews = [...dataViewNames].sort().map((name) => {
    const view = dataView(name);
    const reach = reachOf(name);
    return {
      name,
      fields: [...(view?.columns ?? []), ...(view?.unlisted ?? [])].map(shownField),
      isComplete: view !== undefined && !view.isOpen && !isToldByMce(name),
      ...given({ keeps: reach && reachWords(reach) }),
    };
  });
  return tagged(c, { dataViews }, headers["If-None-Match"]);
});
