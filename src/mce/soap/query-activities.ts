import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { epochOf } from "./date.ts";
import type { Filter } from "./filter.ts";
import { integerAt, textAt, type XmlElement } from "./parse.ts";
import { listObjects, type Leaves } from "./list-objects.ts";
import { retrieve, type RetrieveOptions } from "./retrieve.ts";

/** A query activity as a list shows it. `modifiedAt` is in epoch milliseconds. */
export type ListedQuery = { customerKey: string; name: string; folderId?: number; modifiedAt?: number };

/** A query activity as Automation Studio has it. */
export type QueryActivity = ListedQuery & {
  sql: string;
  target?: { customerKey: string; name: string; updateType: string };
};

const active: Filter = { property: "Status", equals: "Active" };

/** Lists the query activities of the business unit that are not deleted, without their SQL. One call for 2,500. */
export async function listQueries(mce: Mce, options: RetrieveOptions = {}): Promise<Answer<ListedQuery[]>> {
  const properties = ["CustomerKey", "Name", "CategoryID", "ModifiedDate", "Status"];
  const found = await listObjects(mce, { objectType: "QueryDefinition", properties, filter: active }, options);
  return found.ok ? ok(found.value.flatMap(readListed)) : found;
}

/** Reads one query activity with its SQL. @returns undefined when there is none that is not deleted */
export async function readQueryActivity(
  mce: Mce,
  customerKey: string,
  options: RetrieveOptions = {},
): Promise<Answer<QueryActivity | undefined>> {
  const properties = [
    "CustomerKey",
    "Name",
    "CategoryID",
    "ModifiedDate",
    "QueryText",
    "TargetUpdateType",
    "DataExtensionTarget.CustomerKey",
    "DataExtensionTarget.Name",
    "Status",
  ];
  const filter: Filter = { and: [{ property: "CustomerKey", equals: customerKey }, active] };
  const found = await retrieve(mce, { objectType: "QueryDefinition", properties, filter }, options);
  if (!found.ok) return found;
  const result = found.value.find((it) => isActive(textAt(it, "Status")));
  return ok(result && activityOf(result, customerKey));
}

/** MCE still returns deleted ones, as `Inactive` (MCE 5.3), so what it says is looked at again. */
function isActive(status: string | undefined): boolean {
  return (status ?? "Active").toLowerCase() === "active";
}

function readListed(leaves: Leaves): ListedQuery[] {
  const customerKey = leaves.get("CustomerKey") ?? "";
  const name = leaves.get("Name") ?? "";
  // One without a key cannot be asked for.
  if (customerKey === "" || !isActive(leaves.get("Status") || undefined)) return [];
  const folder = Number(leaves.get("CategoryID") ?? "");
  const folderId = folder > 0 ? folder : undefined;
  return [{ customerKey, name, ...given({ folderId, modifiedAt: epochOf(leaves.get("ModifiedDate") ?? "") }) }];
}

function activityOf(result: XmlElement, wanted: string): QueryActivity {
  const targetKey = textAt(result, "DataExtensionTarget", "CustomerKey");
  const target = targetKey && {
    customerKey: targetKey,
    name: textAt(result, "DataExtensionTarget", "Name") ?? targetKey,
    updateType: textAt(result, "TargetUpdateType") ?? "Overwrite",
  };
  return {
    customerKey: textAt(result, "CustomerKey") ?? wanted,
    name: textAt(result, "Name") ?? wanted,
    sql: textAt(result, "QueryText") ?? "",
    ...given({
      folderId: integerAt(result, "CategoryID"),
      modifiedAt: epochOf(textAt(result, "ModifiedDate") ?? ""),
      target: target || undefined,
    }),
  };
}
