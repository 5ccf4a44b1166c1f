import { fieldTypes, textual, type FieldType } from "#lang/field-type.ts";
import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { element, xml, type Xml } from "./envelope.ts";
import { integerAt, textAt, type XmlElement } from "./parse.ts";
import { readAll, retrieve, type RetrieveOptions } from "./retrieve.ts";
import { retrieveIn } from "./retrieve-in.ts";

/**
 * A column of a Data Extension. `maxLength` belongs to the textual types (a Text without one is unbounded),
 * `precision` and `scale` to Decimal.
 */
export type FieldDefinition = {
  name: string;
  fieldType: FieldType;
  maxLength?: number;
  precision?: number;
  scale?: number;
  isRequired?: boolean;
  isPrimaryKey?: boolean;
  /** MCE has a value for rows without one. Only read, never sent. */
  hasDefault?: boolean;
};

/** A column in MCE. `ordinal` is its 0-based place. */
export type Field = FieldDefinition & { ordinal: number; dataExtensionKey: string };

/** Returns a `Field` element of a Create. A Decimal's precision is sent as MaxLength (MCE 4.2). */
export function fieldElement(field: FieldDefinition): Xml {
  const { fieldType, isPrimaryKey = false } = field;
  const isDecimal = fieldType === "Decimal";
  const maxLength = isDecimal ? field.precision : textual.has(fieldType) ? field.maxLength : undefined;
  // Key columns are always required (MCE 4.2).
  const isRequired = isPrimaryKey || field.isRequired === true;
  return xml`<Field><Name>${field.name}</Name>${element("Scale", isDecimal ? field.scale : undefined)}${element("MaxLength", maxLength)}<IsRequired>${isRequired}</IsRequired><IsPrimaryKey>${isPrimaryKey}</IsPrimaryKey><FieldType>${fieldType}</FieldType></Field>`;
}

const ask = {
  objectType: "DataExtensionField",
  properties: [
    "Name",
    "FieldType",
    "MaxLength",
    "Scale",
    "IsRequired",
    "IsPrimaryKey",
    "DefaultValue",
    "Ordinal",
    "DataExtension.CustomerKey",
  ],
};

/** Reads the columns of Data Extensions, each in its order. An unknown key has none. */
export async function readFields(
  mce: Mce,
  by: { customerKeys: readonly string[] },
  options: RetrieveOptions = {},
): Promise<Answer<Field[]>> {
  const condition = { property: "DataExtension.CustomerKey", values: by.customerKeys };
  return inOrder(await retrieveIn(mce, { ...ask, by: condition }, options));
}

/** Reads the columns of all Data Extensions of the business unit, for accounts that refuse a filter (MCE 4.5). */
export async function readAllFields(mce: Mce, options: RetrieveOptions = {}): Promise<Answer<Field[]>> {
  return inOrder(await retrieve(mce, ask, options));
}

function inOrder(found: Answer<XmlElement[]>): Answer<Field[]> {
  if (!found.ok) return found;
  const fields = readAll("SOAP Retrieve DataExtensionField", found.value, readField);
  return fields.ok ? ok(fields.value.toSorted((a, b) => a.ordinal - b.ordinal)) : fields;
}

function readField(result: XmlElement): Field | undefined {
  const name = textAt(result, "Name");
  const dataExtensionKey = textAt(result, "DataExtension", "CustomerKey");
  const ordinal = integerAt(result, "Ordinal");
  const typeName = textAt(result, "FieldType");
  if (name === undefined || dataExtensionKey === undefined || ordinal === undefined || typeName === undefined)
    return undefined;
  // The two encrypted types of old accounts hold text. An unknown type is read like them, without a length.
  const fieldType = fieldTypes.find((known) => known === typeName);
  const isFlag = (flag: string) => textAt(result, flag)?.toLowerCase() === "true";
  return {
    name,
    fieldType: fieldType ?? "Text",
    ...(fieldType && sizeOf(fieldType, result)),
    isRequired: isFlag("IsRequired"),
    isPrimaryKey: isFlag("IsPrimaryKey"),
    hasDefault: (textAt(result, "DefaultValue") ?? "") !== "",
    ordinal,
    dataExtensionKey,
  };
}

function sizeOf(fieldType: FieldType, result: XmlElement): Pick<FieldDefinition, "maxLength" | "precision" | "scale"> {
  const length = integerAt(result, "MaxLength") ?? 0;
  const maxLength = length > 0 ? length : undefined;
  if (fieldType === "Decimal") return { ...given({ precision: maxLength }), scale: integerAt(result, "Scale") ?? 0 };
  return textual.has(fieldType) ? given({ maxLength }) : {};
}
