/** A text that is already XML. Only `xml` creates it. */
export type Xml = { readonly xml: string };

const partnerApi = "http://exacttarget.com/wsdl/partnerAPI";

/** Characters that XML 1.0 cannot hold, even escaped; lone surrogates too. */
// oxlint-disable-next-line no-control-regex -- these are the characters to drop
const illegal = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A bare carriage return would be read as a line feed (XML 1.0, 2.11), even inside an SQL literal.
  "\r": "&#13;",
};

/** Escapes a text for character data or an attribute value. Characters that XML 1.0 does not allow are dropped. */
export function escapeXml(text: string): string {
  return text.replace(illegal, "").replace(/[&<>"'\r]/g, (char) => escapes[char] ?? "");
}

/** Template tag: escapes texts and numbers, inserts XML as it is, and drops `undefined`. */
export function xml(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | boolean | undefined | Xml | readonly Xml[])[]
): Xml {
  const written = values.map((value) => {
    if (value === undefined) return "";
    if (typeof value !== "object") return escapeXml(String(value));
    return "xml" in value ? value.xml : value.map((part) => part.xml).join("");
  });
  return { xml: strings.map((string, index) => string + (written[index] ?? "")).join("") };
}

/** Returns `<name>value</name>`, or nothing without a value. `name` is ours, never a user's. */
export function element(name: string, value: string | number | boolean | Xml | undefined): Xml {
  if (value === undefined) return xml``;
  const tag = (text: string): Xml => ({ xml: text });
  return xml`${tag(`<${name}>`)}${value}${tag(`</${name}>`)}`;
}

/** Returns a SOAP 1.1 message with the token as `fueloauth` header (MCE 2.1). */
export function envelope(accessToken: string, body: Xml): string {
  const message = xml`<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header><fueloauth xmlns="http://exacttarget.com">${accessToken}</fueloauth></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  return message.xml;
}

/** Returns a Create of one object, which is an `Objects` element. */
export function createRequest(object: Xml): Xml {
  return xml`<CreateRequest xmlns="${partnerApi}"><Options/>${object}</CreateRequest>`;
}

/** Returns a Delete of one object, which is an `Objects` element. */
export function deleteRequest(object: Xml): Xml {
  return xml`<DeleteRequest xmlns="${partnerApi}"><Options/>${object}</DeleteRequest>`;
}

/** Returns a Perform of one definition, which is a `Definition` element. */
export function performRequest(action: string, definition: Xml): Xml {
  return xml`<PerformRequestMsg xmlns="${partnerApi}"><Options/><Action>${action}</Action><Definitions>${definition}</Definitions></PerformRequestMsg>`;
}

/** Returns a Retrieve. @param inner the content of `RetrieveRequest` */
export function retrieveRequest(inner: readonly Xml[]): Xml {
  return xml`<RetrieveRequestMsg xmlns="${partnerApi}"><RetrieveRequest>${inner}</RetrieveRequest></RetrieveRequestMsg>`;
}

/** Returns a Describe of one object type. @param clientId the business unit to describe, when not the token's */
export function describeRequest(objectType: string, clientId?: number): Xml {
  const client = clientId === undefined ? undefined : element("ID", clientId);
  return xml`<DefinitionRequestMsg xmlns="${partnerApi}"><DescribeRequests><ObjectDefinitionRequest>${element("Client", client)}<ObjectType>${objectType}</ObjectType></ObjectDefinitionRequest></DescribeRequests></DefinitionRequestMsg>`;
}
