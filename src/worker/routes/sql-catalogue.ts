import { Hono } from "hono";
import { listDataViews, listFunctions } from "#api/sql-calls.ts";
import { given } from "#lang/given.ts";
import { dataViewCatalogue, type ViewEntry } from "#sql/data-view-catalogue.ts";
import { dataView, isToldByMce } from "#sql/data-views.ts";
import { functionCatalogue, type FunctionEntry } from "#sql/functions/catalogue.ts";
import type { AppEnv } from "../app-types.ts";
import { shownField } from "../schema/fields.ts";
import { serve } from "../serve.ts";
import { tagged } from "../tagged.ts";

/** What T-SQL and Marketing Cloud bring along; the same for everybody. */
export const sqlCatalogueRoutes = new Hono<AppEnv>();

serve(sqlCatalogueRoutes, listFunctions, (c, { headers }) => tagged(c, functions(), headers["If-None-Match"]));

serve(sqlCatalogueRoutes, listDataViews, (c, { headers }) => tagged(c, dataViews(), headers["If-None-Match"]));

const functions = once(() => ({ functions: byName(functionCatalogue()).map(shownFunction) }));

const dataViews = once(() => ({ dataViews: byName(dataViewCatalogue()).map(shownView) }));

/** Makes a value when it is first wanted: a Worker that starts has little time, and most never need it. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function byName<T extends { name: string }>(entries: readonly T[]): T[] {
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function shownFunction({ says, ...entry }: FunctionEntry) {
  return { ...entry, summary: says };
}

function shownView({ name, says, where, reach, trap, fields, joins }: ViewEntry) {
  const view = dataView(name);
  return {
    name,
    summary: says,
    where,
    ...given({ keeps: reach, trap }),
    fields: fields.map((field) => ({ ...shownField(field), ...given({ isUnlisted: field.isUnlisted }) })),
    isComplete: view !== undefined && !view.isOpen && !isToldByMce(name),
    joins,
  };
}
