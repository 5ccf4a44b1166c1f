import { usMidnight } from "../dates.ts";
import type { DataExtension, Retention } from "../entities.ts";
import { hasOtherLetters } from "../query-checks.ts";
import { dataExtensionByKey, rootFolder } from "../store.ts";
import type { Context } from "./object-kind.ts";
import { textAt, type XmlElement } from "./xml.ts";
import { element, nil, text } from "./xml-write.ts";

/** Characters a name may not have (MCE 4.4). */
const forbiddenInName = /[!@#$%^*()={}[\]\\.<>/"':?,+|]/;

/** Why a name is not allowed for a data extension; undefined when it is. */
export function checkName(name: string, { world }: Context): string | undefined {
  if (name === "") return "A data extension name is required.";
  if (name.length > 100) return "The data extension name is longer than 100 characters.";
  const isForeign = world.behaviours.asciiNamesOnly && hasOtherLetters(name);
  if (name.startsWith("_") || forbiddenInName.test(name) || isForeign)
    return `The data extension name ${name} is invalid.`;
  return undefined;
}

/** Whether a data extension of the business unit has the name, or one that was just deleted had it (MCE 4.4). */
export function isNameInUse(name: string, { world, mid, now }: Context): boolean {
  const wanted = name.toLowerCase();
  return (
    world.store.dataExtensions.some((it) => it.mid === mid && it.name.toLowerCase() === wanted) ||
    world.store.blockedNames.some((it) => it.mid === mid && it.name === wanted && it.until > now)
  );
}

/** The folder a request names, or the root when it names none; the error's text for one that is not allowed. */
export function readFolderId(object: XmlElement, { world, mid }: Context): number | string {
  const asked = textAt(object, "CategoryID")?.trim();
  if (asked === undefined || asked === "") return rootFolder(world.store, mid, "dataextension")?.id ?? 0;
  const folder = world.store.folders.find((it) => it.mid === mid && it.id === Number(asked));
  const isFit = folder?.contentType === "dataextension" || folder?.contentType === "shared_dataextension";
  return folder === undefined || !isFit ? `The category ID ${asked} is invalid.` : folder.id;
}

const units: Record<string, { unit: number; days: number; months: number }> = {
  days: { unit: 3, days: 1, months: 0 },
  weeks: { unit: 4, days: 7, months: 0 },
  months: { unit: 5, days: 0, months: 1 },
  years: { unit: 6, days: 0, months: 12 },
};

/** The retention a request asks for (MCE 4.3). */
export function readRetention(object: XmlElement, now: number): Retention {
  const flag = (name: string) => textAt(object, name)?.trim() === "true";
  const retention: Retention = {
    rowBased: flag("RowBasedRetention"),
    resetOnImport: flag("ResetRetentionPeriodOnImport"),
    deleteAtEnd: flag("DeleteAtEndOfRetentionPeriod"),
    retainUntil: textAt(object, "RetainUntil") ?? "",
  };
  const length = Number(textAt(object, "DataRetentionPeriodLength") ?? 0);
  const word = textAt(object, "DataRetentionPeriod")?.trim().toLowerCase();
  const number = Number(textAt(object, "DataRetentionPeriodUnitOfMeasure") ?? 0);
  const period = word === undefined ? Object.values(units).find((it) => it.unit === number) : units[word];
  if (!(length >= 1) || period === undefined) return retention;
  const end = usMidnight(now, length * period.days, length * period.months);
  return { ...retention, length, unit: period.unit, retainUntil: retention.rowBased ? "" : end };
}

/** The data extension a request means, by ObjectID or CustomerKey. */
export function findDataExtension(object: XmlElement, { world, mid }: Context): DataExtension | undefined {
  const objectId = textAt(object, "ObjectID")?.trim();
  if (objectId !== undefined && objectId !== "") {
    return world.store.dataExtensions.find((it) => it.mid === mid && it.objectId === objectId.toLowerCase());
  }
  return dataExtensionByKey(world.store, mid, textAt(object, "CustomerKey")?.trim() ?? "");
}

/** The data extension by its ids, as answers name it. */
export function reference(it: DataExtension): string {
  return element(
    "Object",
    nil("PartnerKey") + text("ObjectID", it.objectId) + text("CustomerKey", it.customerKey),
    "DataExtension",
  );
}
