import { fieldTypes, type Field, type FieldType } from "../engine/types.ts";
import { textAt, type XmlElement } from "./xml.ts";

export type ReadFields = { kind: "fine"; fields: Field[] } | { kind: "refused"; message: string };

const isFieldType = (name: string): name is FieldType => fieldTypes.some((known) => known === name);

/** The MaxLength of a field when the request has none (MCE 4.2). */
const usualLength: Partial<Record<FieldType, number>> = { EmailAddress: 254, Phone: 50, Locale: 5, Decimal: 18 };

/** What names of real fields are made of; the last two are in names the platform gave (MCE 4.4). */
const inName = /^[\p{L}\p{M}\p{N}_ \-:']+$/u;

/**
 * Reads `Field` elements. The rules are those of MCE 4.2 and 4.4; the texts are the sandbox's own, since none was captured.
 */
export function readFields(sources: readonly XmlElement[]): ReadFields {
  const fields: Field[] = [];
  const names = new Set<string>();
  for (const source of sources) {
    const field = readField(source);
    if (typeof field === "string") return { kind: "refused", message: field };
    if (names.has(field.name.toLowerCase())) {
      return { kind: "refused", message: `The field name ${field.name} is used more than once.` };
    }
    names.add(field.name.toLowerCase());
    fields.push(field);
  }
  return { kind: "fine", fields };
}

function readField(source: XmlElement): Field | string {
  const name = textAt(source, "Name") ?? "";
  const type = textAt(source, "FieldType")?.trim() ?? "Text";
  if (name.trim() === "") return "A field name is required.";
  if (name.length > 128) return `The field name ${name} is longer than 128 characters.`;
  if (name.startsWith("_")) return `The field name ${name} is reserved.`;
  if (name !== name.trim() || !inName.test(name)) return `The field name ${name} is invalid.`;
  if (!isFieldType(type)) return `The field type ${type} of field ${name} is invalid.`;
  const isPrimaryKey = textAt(source, "IsPrimaryKey")?.trim() === "true";
  const defaultValue = textAt(source, "DefaultValue") ?? "";
  const size = readSize(source, name, type);
  if (typeof size === "string") return size;
  return {
    name,
    fieldType: type,
    ...size,
    // Key fields are always required, whatever was asked for.
    isRequired: isPrimaryKey || textAt(source, "IsRequired")?.trim() === "true",
    isPrimaryKey,
    ...(defaultValue === "" ? {} : { defaultValue }),
  };
}

function readSize(source: XmlElement, name: string, type: FieldType): { maxLength?: number; scale?: number } | string {
  const number = (path: string) => {
    const value = textAt(source, path)?.trim();
    return value === undefined || value === "" ? undefined : Number(value);
  };
  const maxLength = number("MaxLength") ?? (type === "Decimal" ? number("Precision") : undefined) ?? usualLength[type];
  switch (type) {
    case "Number":
    case "Date":
    case "Boolean":
      return {};
    case "Decimal": {
      const scale = number("Scale") ?? 0;
      const precision = maxLength ?? 18;
      if (!(precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision)) {
        return `The length or scale of field ${name} is invalid.`;
      }
      return { maxLength: precision, scale };
    }
    case "Text":
    case "EmailAddress":
    case "Phone":
    case "Locale":
      if (maxLength === undefined) return {};
      return Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= 4000
        ? { maxLength }
        : `The length of field ${name} is invalid.`;
  }
}
