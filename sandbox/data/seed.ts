import type { Engine, Field } from "../engine/engine.ts";
import { audienceRows, audienceViews, enterpriseViews } from "./audience.ts";
import { awkwardCount, awkwardKeys, awkwardRows, awkwardTables } from "./awkward.ts";
import { businessCount, businessRows, businessTables } from "./business.ts";
import { rowFrom, type Facts } from "./columns.ts";
import { enterpriseCount, enterpriseRows, enterpriseTables } from "./enterprise.ts";
import { mobileRows } from "./mobile.ts";
import { mobileViews } from "./mobile-views.ts";
import { openGround, type Ground } from "./people.ts";
import { programRows, programViews } from "./programs.ts";
import { rareTrackingRows, rareTrackingViews } from "./rare-tracking.ts";
import { trackingRows } from "./tracking.ts";
import { trackingViews } from "./tracking-views.ts";

/** A data extension the seed made. */
export type SeededDataExtension = {
  mid: number;
  name: string;
  customerKey: string;
  fields: readonly Field[];
  /** Of its folder; absent: an ordinary one. */
  contentType?: string;
};

const utcLead = 6 * 3_600_000;

/** `Object.keys` with the keys' own type; the objects are literals, so they have no others. */
function namesOf<Key extends string>(tables: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(tables) as Key[];
}

function addView(
  engine: Engine,
  mid: number,
  name: string,
  fields: readonly Field[],
  rows: () => Iterable<Facts>,
): void {
  // The number of rows of a view is known only once they are made; nothing asks for it before.
  engine.createTable(mid, name, fields, { isSystem: true, lazy: { rows: 0, fill: () => typed(fields, rows()) } });
}

function* typed(fields: readonly Field[], rows: Iterable<Facts>): Generator<ReturnType<typeof rowFrom>> {
  for (const facts of rows) yield rowFrom(fields, facts);
}

function addViews(engine: Engine, ground: Ground, mid: number): void {
  for (const view of namesOf(trackingViews))
    addView(engine, mid, view, trackingViews[view], () => trackingRows(ground, mid, view));
  for (const view of namesOf(rareTrackingViews))
    addView(engine, mid, view, rareTrackingViews[view], () => rareTrackingRows(ground, mid, view));
  for (const view of namesOf(mobileViews))
    addView(engine, mid, view, mobileViews[view], () => mobileRows(ground, mid, view));
  for (const view of namesOf(programViews))
    addView(engine, mid, view, programViews[view], () => programRows(ground, mid, view));
  for (const view of namesOf(audienceViews)) {
    if (enterpriseViews.has(view) && mid !== ground.eid) continue;
    addView(engine, mid, view, audienceViews[view], () => audienceRows(ground, mid, view));
  }
}

/**
 * Fills the engine with deterministic data for every business unit: the system views, a small shop, and tables with awkward names. Rows are made
 * when a table is first read, so that starting costs nothing.
 *
 * @param rows how many rows the data scales with; about as many lie in all tables of a business unit
 * @param now the start of the sandbox's clock in epoch milliseconds; all dates lie before it
 * @returns the data extensions that exist afterwards
 */
export function seed(
  engine: Engine,
  accounts: readonly { eid: number; mids: readonly number[] }[],
  rows = 20_000,
  now = Date.now(),
): { dataExtensions: SeededDataExtension[] } {
  const dataExtensions: SeededDataExtension[] = [];
  for (const account of accounts) {
    const ground = openGround(account, rows, now - utcLead);
    for (const name of namesOf(enterpriseTables)) {
      const { fields, contentType } = enterpriseTables[name];
      const lazy = { rows: enterpriseCount(ground, name), fill: () => typed(fields, enterpriseRows(ground, name)) };
      engine.createTable(account.eid, name, fields, { lazy });
      dataExtensions.push({ mid: account.eid, name, customerKey: name, fields, contentType });
    }
    for (const mid of account.mids) {
      addViews(engine, ground, mid);
      for (const name of namesOf(businessTables)) {
        const fields = businessTables[name];
        const lazy = {
          rows: businessCount(ground, mid, name),
          fill: () => typed(fields, businessRows(ground, mid, name)),
        };
        engine.createTable(mid, name, fields, { lazy });
        dataExtensions.push({ mid, name, customerKey: name, fields });
      }
      for (const name of namesOf(awkwardTables)) {
        const fields = awkwardTables[name];
        const lazy = { rows: awkwardCount(name), fill: () => typed(fields, awkwardRows(ground, name)) };
        engine.createTable(mid, name, fields, { lazy });
        dataExtensions.push({ mid, name, customerKey: awkwardKeys[name] ?? name, fields });
      }
    }
  }
  return { dataExtensions };
}
