import { expect, it } from "vitest";
import { openMetadata } from "#inspect/metadata.ts";
import { openStandIn, soap } from "../mce/support/stand-in.ts";

const view = { name: "_EnterpriseAttribute", ent: true };
const unit = { tenantId: "t", mid: 7000011, eid: 7000001 };

it("openMetadata() gives the view of the account's own attributes the columns MCE describes, and remembers them", async () => {
  const property =
    "<ExtendedProperty><Name>Club</Name><PropertyType>string</PropertyType><MaxLength>20</MaxLength></ExtendedProperty>";
  const { mce, sent } = openStandIn(
    soap(
      `<DefinitionResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><ObjectDefinition><ExtendedProperties>${property}</ExtendedProperties></ObjectDefinition></DefinitionResponseMsg>`,
    ),
  );
  const metadata = openMetadata(() => 0);
  const first = await metadata.read(mce, unit, [view]);
  expect(first.ok && first.value.fieldsOf(view)).toEqual([{ name: "Club", fieldType: "Text", maxLength: 20 }]);
  const calls = sent.length;
  const second = await metadata.read(mce, unit, [view]);
  expect(second.ok && second.value.isFresh).toBe(false);
  expect(sent).toHaveLength(calls);
});
