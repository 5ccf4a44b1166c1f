import { describe, expect, it } from "vitest";
import { readProfileAttributes } from "../../src/mce/soap/profile-attributes.ts";
import { fault, openStandIn, soap } from "./support/stand-in.ts";

/** A Describe's response element; members in the WSDL's order. */
function described(definition: string): string {
  return `<DefinitionResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI">${definition}<RequestID>1</RequestID></DefinitionResponseMsg>`;
}

const property = (name: string, type: string, more = "") =>
  `<ExtendedProperty><PartnerKey xsi:nil="true"/><ObjectID xsi:nil="true"/><Name>${name}</Name><PropertyType>${type}</PropertyType>${more}</ExtendedProperty>`;

describe("readProfileAttributes()", () => {
  it("reads the account's own attributes, in the enterprise's context", async () => {
    const own = [
      property("First Name", "string", "<MaxLength>100</MaxLength>"),
      property("VIP", "boolean"),
      property("Score", "double"),
      property("Born", "datetime"),
    ].join("");
    const definition = `<ObjectDefinition><ObjectType>Subscriber</ObjectType><Properties><Name>EmailAddress</Name></Properties><ExtendedProperties>${own}</ExtendedProperties></ObjectDefinition>`;
    const { mce, sent } = openStandIn(soap(described(definition)));
    expect(await readProfileAttributes(mce, { clientId: 7000001 })).toEqual({
      ok: true,
      value: [
        { name: "First Name", fieldType: "Text", maxLength: 100 },
        { name: "VIP", fieldType: "Boolean" },
        { name: "Score", fieldType: "Decimal" },
        { name: "Born", fieldType: "Date" },
      ],
    });
    expect(sent[1]?.body).toContain("<Client><ID>7000001</ID></Client><ObjectType>Subscriber</ObjectType>");
  });

  it("reads none from an account that describes nothing", async () => {
    const { mce } = openStandIn(soap(described("")));
    expect(await readProfileAttributes(mce)).toEqual({ ok: true, value: [] });
  });

  it("is a failure where MCE refuses", async () => {
    const { mce } = openStandIn(soap(fault("soap:Client", "Error in application.")));
    expect((await readProfileAttributes(mce)).ok).toBe(false);
  });
});
