import { type Case, rest, soap } from "./wire-case.ts";
import { aDataExtension, aField, retrieve, where, write } from "./wire-messages.ts";
import type { Wire } from "./wire.ts";

/** A GUID as the service writes it. */
export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A CreateRequest of a folder; an absent part is left out. */
const folder = (parts: Record<string, string | undefined> = {}) => {
  const { Parent = "4711", ...rest }: Record<string, string | undefined> = {
    Name: "Scratch",
    Description: "temporary",
    ContentType: "dataextension",
    ...parts,
  };
  const inner = Object.entries(rest).map(([name, value]) => (value === undefined ? "" : `<${name}>${value}</${name}>`));
  return write("Create", "DataFolder", `<ParentFolder><ID>${Parent}</ID></ParentFolder>${inner.join("")}`);
};
/** Creates a folder; answers its result. */
export const makeFolder = async (wire: Wire, parts?: Record<string, string | undefined>) =>
  (await soap(wire, folder(parts))).results[0] ?? {};
/** Creates a data extension; answers its result. */
export const make = async (wire: Wire, content: string, mid?: number) =>
  (await soap(wire, write("Create", "DataExtension", content), mid === undefined ? {} : { mid })).results[0] ?? {};
/** Fields of a data extension, by Ordinal. */
export const fieldsOf = async (wire: Wire, key: string) => {
  const asked = [
    "Name",
    "ObjectID",
    "Ordinal",
    "MaxLength",
    "Scale",
    "DefaultValue",
    "IsRequired",
    "IsPrimaryKey",
    "FieldType",
    "CustomerKey",
  ];
  const { results } = await soap(
    wire,
    retrieve("DataExtensionField", asked, where("DataExtension.CustomerKey", "equals", key)),
  );
  return [...results].sort((a, b) => Number(a["Ordinal"]) - Number(b["Ordinal"]));
};
/** The one object a filter finds. */
export const one = async (wire: Wire, type: string, properties: string[], filter: string) =>
  (await soap(wire, retrieve(type, properties, filter))).results[0];

/** A folder that Create refuses with this code. */
export const refusedFolder = (what: string, parts: Record<string, string | undefined>, code: string): Case => ({
  facts: "3.3",
  what,
  ask: (wire) => makeFolder(wire, parts),
  gives: { StatusCode: "Error", ErrorCode: code, NewID: "0" },
});
/** A data extension that Create refuses. */
export const refusedExtension = (facts: string, what: string, content: string, code = "310007"): Case => ({
  facts,
  what,
  ask: (wire) => make(wire, content),
  gives: { StatusCode: "Error", ErrorCode: code, NewID: "0" },
});
/** A retention period. */
export const period = (length: number, unit = "Days", more = "") =>
  `<DataRetentionPeriodLength>${length}</DataRetentionPeriodLength>${more}<DataRetentionPeriod>${unit}</DataRetentionPeriod>`;

/** What is left of a data extension of one row after its retention period of a day: extensions, and rows. */
export async function afterADay(wire: Wire, flag: boolean): Promise<unknown> {
  const more = `<DeleteAtEndOfRetentionPeriod>${flag}</DeleteAtEndOfRetentionPeriod>${period(1)}`;
  await make(wire, aDataExtension("Ending", aField("A"), more));
  await rest(wire, "POST", "/hub/v1/dataevents/key:Ending/rowset", [{ values: { A: "1" } }]);
  await wire.advance(12 * 3_600_000);
  // The control API's contract.
  const list = (await wire.call("GET", "/sandbox/state")).json["dataExtensions"] as { key: string; rows: number }[];
  const left = list.filter((it) => it.key === "Ending");
  return [left.length, left[0]?.rows ?? 0];
}
