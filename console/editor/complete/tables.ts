import type { Completion } from "@codemirror/autocomplete";
import type { Table } from "#client/schema-types.ts";
import { catalogue } from "../../engine/catalogue.ts";
import type { Reader } from "../../reader/load-reader.ts";
import { words } from "../../words/en.ts";
import { tableDocs } from "../docs/docs.ts";
import { applying } from "./option.ts";

const shared = "Ent.";
const boosts = { "data-extension": 3, shared: 1, synchronized: 1, "data-view": 2 };

/** The tables that FROM may name. @param isAfterEnt behind `Ent.`, which then stands there already */
export function tableOptions({ asWritten }: Reader, isAfterEnt: boolean): Completion[] {
  const { tables } = catalogue.get();
  return tables.flatMap((table) => {
    const isShared = table.name.startsWith(shared);
    if (isAfterEnt && !isShared) return [];
    const own = isShared ? table.name.slice(shared.length) : table.name;
    const prefix = isShared && !isAfterEnt ? shared : "";
    return [option(table, isAfterEnt ? own : table.name, prefix + asWritten(own))];
  });
}

function option(table: Table, label: string, written: string): Completion {
  return {
    label,
    detail: words.editor.kinds[table.kind],
    type: "class",
    boost: boosts[table.kind],
    apply: applying(written),
    info: () => tableDocs(table.name),
  };
}
