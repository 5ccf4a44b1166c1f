import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { findDataExtensions, readDataExtensions, type DataExtension } from "#mce/soap/data-extension.ts";
import { readAllFields, readFields, type Field } from "#mce/soap/field.ts";
import { lookUp, type Found } from "./look-up.ts";

/** Options of a look-up; `pause` as in `lookUp`. */
export type LookingUp = { clientId?: number; signal?: AbortSignal; pause?: () => Promise<unknown> };

/** 30,000 objects. A business unit with more is not read completely. */
const maxBatches = 12;

const atOnce = () => Promise.resolve();

/** Finds Data Extensions by name or by key, even when MCE refuses a filter. */
export async function lookUpTables(
  mce: Mce,
  by: "names" | "customerKeys",
  values: readonly string[],
  { pause = atOnce, ...context }: LookingUp = {},
): Promise<Answer<Found<DataExtension>>> {
  const source = {
    some: (some: readonly string[]) =>
      findDataExtensions(mce, by === "names" ? { names: some } : { customerKeys: some }, context),
    all: () => readDataExtensions(mce, { ...context, maxBatches }),
    keyOf: ({ name, customerKey }: DataExtension) => (by === "names" ? name : customerKey),
  };
  return lookUp(values, source, pause);
}

/** Reads the fields of Data Extensions by key, even when MCE refuses a filter. */
export async function lookUpFields(
  mce: Mce,
  customerKeys: readonly string[],
  { pause = atOnce, ...context }: LookingUp = {},
): Promise<Answer<Found<Field>>> {
  const source = {
    some: (some: readonly string[]) => readFields(mce, { customerKeys: some }, context),
    all: () => readAllFields(mce, { ...context, maxBatches }),
    keyOf: ({ dataExtensionKey }: Field) => dataExtensionKey,
  };
  return lookUp(customerKeys, source, pause);
}
