import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { findFolders, type FolderContent } from "#mce/soap/folder.ts";
import { listDataExtensions } from "#mce/soap/list-data-extensions.ts";
import { readCustomerKey } from "#run/names.ts";
import { catalogueOf, type Catalogue, type Folder, type Found } from "./catalogue.ts";

/** The folders of tables by content type (MCE 3.1). */
const contents = [
  ["dataextension", "data-extension"],
  ["shared_dataextension", "shared"],
  ["synchronizeddataextension", "synchronized"],
] as const satisfies readonly (readonly [FolderContent, Folder["kind"]])[];

/**
 * Lists all tables and folders of the business unit, and what its enterprise shares: one call for 2,500 tables of each,
 * and three for folders, all at once.
 *
 * @param now epoch milliseconds
 */
export async function loadCatalogue(mce: Mce, now: number): Promise<Answer<Catalogue>> {
  const isChild = mce.mid !== mce.eid;
  const [own, shared, ...folders] = await Promise.all([
    listDataExtensions(mce),
    isChild ? ofEnterprise(listDataExtensions(mce, { clientId: mce.eid })) : ok([]),
    ...contents.map(([contentType]) => {
      const isOwn = !isChild || contentType === "dataextension";
      const listed = findFolders(mce, { contentType, ...given({ clientId: isOwn ? undefined : mce.eid }) });
      return isOwn ? listed : ofEnterprise(listed);
    }),
  ]);
  if (!own.ok) return own;
  if (!shared.ok) return shared;
  const known: Folder[] = [];
  for (const [at, [, kind]] of contents.entries()) {
    const listed = folders[at];
    if (listed === undefined) continue;
    if (!listed.ok) return listed;
    for (const { id, name, parentId } of listed.value) known.push({ id, name, parentId, kind });
  }
  const found: Found[] = [
    ...own.value.map((it) => ({ ...it, isEnterprises: false })),
    ...shared.value.map((it) => ({ ...it, isEnterprises: true })),
  ];
  return ok(catalogueOf(found, known, now, (key) => readCustomerKey(key) !== undefined));
}

/** What the enterprise refuses to show is not there: a business unit has tables of its own, too. */
async function ofEnterprise<T>(listing: Promise<Answer<T[]>>): Promise<Answer<T[]>> {
  const answer = await listing;
  const isRefused = !answer.ok && (answer.error.kind === "rejected" || answer.error.kind === "forbidden");
  return isRefused ? ok([]) : answer;
}
