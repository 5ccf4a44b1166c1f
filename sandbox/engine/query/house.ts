import type { TextRules } from "../rules/text-rules.ts";
import type { DatabaseSync } from "node:sqlite";
import type { Catalog } from "../store/catalog.ts";
import type { Functions } from "../udfs/functions.ts";

/** What every query needs: the database, its tables, its functions, and which rules hold. */
export type House = { db: DatabaseSync; catalog: Catalog; functions: Functions; rules: "mce" | "off"; text: TextRules };
