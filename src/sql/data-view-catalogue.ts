import { given } from "#lang/given.ts";
import { dataView, dataViewNames } from "./data-views.ts";
import prose from "./data-views.prose.json" with { type: "json" };
import type { TableField } from "./fields.ts";
import { joinsOf, type KeyPart } from "./view-keys.ts";
import { reachOf, reachWords } from "./view-reach.ts";

/** A field of a data view; `isUnlisted`: it answers to its name, but no star stands for it. */
type ViewField = TableField & { isUnlisted?: true };

/** A system data view as a list shows it; without `fields` where only MCE knows them. */
export type ViewEntry = {
  name: string;
  /** What a row is, in one sentence. */
  says: string;
  /** Whose rows a query sees. */
  where: string;
  /** How far back the rows go; absent where nobody says. */
  reach?: string;
  /** What people fall for. */
  trap?: string;
  fields: ViewField[];
  joins: { view: string; on: KeyPart[] }[];
};

type Prose = { says: string; where: string; keeps?: string; trap?: string };

/** The system data views of MCE, with what is worth knowing of each. Source: MCE 8.7. */
export function dataViewCatalogue(): ViewEntry[] {
  const words: Readonly<Record<string, Prose>> = prose;
  return dataViewNames.map((name) => entryOf(name, words[name]));
}

function entryOf(name: string, words: Prose | undefined): ViewEntry {
  const view = dataView(name);
  const reach = reachOf(name);
  const unlisted = (view?.unlisted ?? []).map((field) => ({ ...field, isUnlisted: true as const }));
  return {
    name,
    says: words?.says ?? "",
    where: words?.where ?? "",
    ...given({ reach: reach === undefined ? words?.keeps : reachWords(reach), trap: words?.trap }),
    fields: [...(view?.columns ?? []), ...unlisted],
    joins: joinsOf(name),
  };
}
