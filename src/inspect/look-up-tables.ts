import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { findDataExtensions, readDataExtensions, type DataExtension } from "#mce/soap/data-extension.ts";
import { readAllFields, readFields, type Field } from "#mce/soap/field.ts";
import { lookUp, type Found } from "./look-up.ts";

/** Where and how patiently tables are looked up: see `lookUp`. */
export type LookingUp = { clientId?: number; signal?: AbortSignal; pause?: () => Promise<unknown> };

/** 30,000 objects: a business unit that has more is not read as a whole. */
const maxBatches = 12;

const atOnce = () => Promise.resolve();

/** Finds Data Extensions by name or by key, although MCE may refuse a filter. */
export async function lookUpTables(
  mce: Mce,
  by: "names" | "customerKeys",
  values: readonly string[],
  { pause = atOnce, ...context }: LookingUp = {},
): Promise<Answer<Found<DataExtension>>> {
  const door = {
    some: (some: readonly string[]) =>
      findDataExtensions(mce, by === "names" ? { names: some } : { customerKeys: some }, context),
    all: () => readDataExtensions(mce, { ...context, maxBatches }),
    keyOf: ({ name, customerKey }: DataExtension) => (by === "names" ? name : customerKey),
  };
  return lookUp(values, door, pause);
}

/** Reads the fields of Data Extensions by key, although MCE may refuse a filter. */
export async function lookUpFields(
  mce: Mce,
  customerKeys: readonly string[],
  { pause = atOnce, ...context }: LookingUp = {},
): Promise<Answer<Found<Field>>> {
  const door = {
    some: (some: readonly string[]) => readFields(mce, { customerKeys: some }, context),
    all: () => readAllFields(mce, { ...context, maxBatches }),
    keyOf: ({ dataExtensionKey }: Field) => dataExtensionKey,
  };
  return lookUp(customerKeys, door, pause);
}
