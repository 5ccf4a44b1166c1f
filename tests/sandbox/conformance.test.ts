import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authCases } from "./conformance/auth.ts";
import { dataExtensionCases } from "./conformance/data-extensions.ts";
import { folderCases } from "./conformance/folders.ts";
import { newDataExtensionCases } from "./conformance/new-data-extensions.ts";
import { queryDefinitionCases } from "./conformance/query-definitions.ts";
import { queryRunCases } from "./conformance/query-runs.ts";
import { queryTextCases } from "./conformance/query-text.ts";
import { restQueryCases } from "./conformance/rest-queries.ts";
import { recordedRestCases } from "./conformance/recorded-rest.ts";
import { recordedSoapCases } from "./conformance/recorded-soap.ts";
import { retrieveCases } from "./conformance/retrieve.ts";
import { rowCases } from "./conformance/rows.ts";
import { soapCases } from "./conformance/soap.ts";
import { viewCases } from "./conformance/views.ts";
import { openWire, type Wire } from "./support/wire.ts";

const cases = [
  authCases,
  soapCases,
  retrieveCases,
  folderCases,
  newDataExtensionCases,
  dataExtensionCases,
  queryDefinitionCases,
  queryTextCases,
  queryRunCases,
  restQueryCases,
  rowCases,
  viewCases,
  recordedSoapCases,
  recordedRestCases,
].flat();
const sections = [
  ["1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.1", "3.2", "3.3", "3.4"],
  ["4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "5.1", "5.2", "5.3", "5.4", "5.5", "6", "7.1", "7.2", "7.3"],
  ["8.1", "8.2", "8.3", "8.5", "8.6", "8.7", "10", "12.2"],
].flat();

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
  // Cases jump ahead by hours; the token they share must outlive that.
  await wire.call("POST", "/sandbox/behaviours", { tokenLifeMs: 86_400_000 });
  await wire.token();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

describe("what docs/marketing-cloud.md says of Marketing Cloud", () => {
  test.each(cases.map((it) => [it.facts, it.what, it] as const))("%s: %s", async (_, __, { ask, gives }) => {
    expect({ given: await ask(wire) }).toMatchObject({ given: gives });
  });

  test("every section about the wire has a case", () => {
    expect(sections.filter((section) => !cases.some(({ facts }) => facts === section))).toEqual([]);
  });
});
