import type { TextRules } from "../rules/text-rules.ts";
import type { DatabaseSync } from "node:sqlite";
import type { Catalog } from "../store/catalog.ts";
import type { Functions } from "../udfs/functions.ts";

/** What every query uses: the database, its tables, its functions, and the rules in force. */
export type Runtime = {
  db: DatabaseSync;
  catalog: Catalog;
  functions: Functions;
  rules: "mce" | "off";
  text: TextRules;
};
