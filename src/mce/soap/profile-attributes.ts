import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { describeRequest } from "./envelope.ts";
import type { FieldDefinition } from "./field.ts";
import { child, childrenOf, integerAt, textAt, type XmlElement } from "./parse.ts";
import type { RetrieveOptions } from "./retrieve.ts";

/** PropertyType of the WSDL. MCE does not give the digits of a `double`. */
const fieldTypes: Readonly<Record<string, FieldDefinition["fieldType"]>> = {
  string: "Text",
  boolean: "Boolean",
  double: "Decimal",
  datetime: "Date",
};

/**
 * Reads the account's own profile and preference attributes of subscribers, which are the columns of
 * `_EnterpriseAttribute` (MCE 8.7).
 *
 * @returns none when MCE describes nothing: some accounts answer every Describe with an empty message (MCE 10)
 */
export async function readProfileAttributes(
  mce: Mce,
  { clientId, signal }: RetrieveOptions = {},
): Promise<Answer<FieldDefinition[]>> {
  const answer = await mce.soap({
    action: "Describe",
    name: "SOAP Describe Subscriber",
    body: describeRequest("Subscriber", clientId),
    ...given({ signal }),
  });
  if (!answer.ok) return answer;
  const extended = child(child(answer.value, "ObjectDefinition"), "ExtendedProperties");
  return ok(childrenOf(extended, "ExtendedProperty").flatMap((property) => attributeOf(property) ?? []));
}

function attributeOf(property: XmlElement): FieldDefinition | undefined {
  const name = textAt(property, "Name");
  if (name === undefined) return undefined;
  const fieldType = fieldTypes[textAt(property, "PropertyType") ?? "string"] ?? "Text";
  const length = integerAt(property, "MaxLength") ?? 0;
  return { name, fieldType, ...given({ maxLength: fieldType === "Text" && length > 0 ? length : undefined }) };
}
