import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { listObjects, type Leaves } from "./list-objects.ts";
import type { RetrieveOptions } from "./retrieve.ts";

/** A Data Extension as a list shows it. */
export type ListedDataExtension = { customerKey: string; name: string; folderId?: number; description?: string };

/** Lists all Data Extensions of the business unit; with `clientId` those that this one shows. One call for 2,500. */
export async function listDataExtensions(
  mce: Mce,
  options: RetrieveOptions = {},
): Promise<Answer<ListedDataExtension[]>> {
  const properties = ["CustomerKey", "Name", "Description", "CategoryID"];
  const found = await listObjects(mce, { objectType: "DataExtension", properties }, options);
  if (!found.ok) return found;
  const listed = found.value.map(readListed);
  const known = listed.filter((it) => it !== undefined);
  return known.length === listed.length
    ? ok(known)
    : unavailable("none", "Cannot read SOAP Retrieve DataExtension: an object lacks what identifies it");
}

function readListed(leaves: Leaves): ListedDataExtension | undefined {
  const customerKey = leaves.get("CustomerKey") ?? "";
  const name = leaves.get("Name") ?? "";
  if (customerKey === "" || name === "") return undefined;
  const folder = Number(leaves.get("CategoryID") ?? "");
  const folderId = Number.isInteger(folder) && folder > 0 ? folder : undefined;
  return { customerKey, name, ...given({ folderId, description: leaves.get("Description") || undefined }) };
}
