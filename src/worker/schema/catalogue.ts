import { given } from "#lang/given.ts";
import { dataViewNames } from "#sql/data-views.ts";

type TableKind = "data-extension" | "shared" | "synchronized" | "data-view";

/** A table as a query writes it. */
export type Table = { name: string; key?: string; kind: TableKind; folderId?: number; description?: string };

/** A folder of tables. */
export type Folder = { id: number; name: string; parentId: number; kind: Exclude<TableKind, "data-view"> };

/** What a business unit can read from. */
export type Catalogue = {
  /** By name, without regard to case. */
  tables: readonly Table[];
  /** The same by lower-cased name, `ent.` included. */
  byName: ReadonlyMap<string, Table>;
  folders: readonly Folder[];
  /** Epoch milliseconds. */
  loadedAt: number;
};

/** A Data Extension that MCE lists; `isEnterprises`: only the enterprise's context shows it. */
export type Found = {
  name: string;
  customerKey: string;
  folderId?: number;
  description?: string;
  isEnterprises: boolean;
};

/** Longer descriptions are cut: thousands of them are kept. */
const descriptionMax = 300;

/** Puts together what MCE lists, with the data views. Our own temporary tables are left out by `isOurs`. */
export function catalogueOf(
  found: readonly Found[],
  folders: readonly Folder[],
  loadedAt: number,
  isOurs: (customerKey: string) => boolean,
): Catalogue {
  const kinds = new Map(folders.map(({ id, kind }) => [id, kind]));
  const views = new Set(dataViewNames.map((name) => name.toLowerCase()));
  const extensions = found.flatMap(({ name, customerKey, folderId, description, isEnterprises }): Table[] => {
    const kind = kinds.get(folderId ?? 0) ?? "data-extension";
    // A child sees what lies in shared folders, and nothing else of its parent (MCE 4.7).
    if (isEnterprises && kind === "data-extension") return [];
    // MCE lists some data views as Data Extensions.
    if (isOurs(customerKey) || views.has(name.toLowerCase())) return [];
    const head = { name: isEnterprises ? `Ent.${name}` : name, key: customerKey, kind };
    return [{ ...head, ...given({ folderId, description: description?.slice(0, descriptionMax) }) }];
  });
  const all: Table[] = [...extensions, ...dataViewNames.map((name): Table => ({ name, kind: "data-view" }))];
  const byName = new Map(all.map((table) => [table.name.toLowerCase(), table]));
  const tables = [...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, table]) => table);
  return { tables, byName, folders, loadedAt };
}
