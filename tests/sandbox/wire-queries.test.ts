import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import { aDataExtension, aField, aQuery, resultOf, retrieve, where, write } from "./support/wire-messages.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
  // Longer than any jump of the clock below.
  await wire.call("POST", "/sandbox/behaviours", { tokenLifeMs: 86_400_000 });
  await wire.token();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const create = async (type: string, content: string) => resultOf(await wire.soap(write("Create", type, content)));
const query = (
  name: string,
  target: string,
  sql = "SELECT EmailAddress FROM Customers",
  mode = "Overwrite",
  more = "",
) => create("QueryDefinition", aQuery(name, target, sql, mode, more));

describe("QueryDefinition, FACTS 5", () => {
  beforeEach(async () => {
    await create("DataExtension", aDataExtension("Target", aField("EmailAddress")));
  });

  test("5.1: success answers NewID 0, NewObjectID and the request echoed", async () => {
    const result = await query("Q", "Target");
    expect(result).toMatchObject({
      StatusMessage: "QueryDefinition created",
      NewID: "0",
      NewObjectID: expect.stringMatching(guid),
      Object: {
        "@type": "QueryDefinition",
        ObjectID: result["NewObjectID"],
        DataExtensionTarget: { ObjectID: { "@nil": "true" }, CustomerKey: "Target" },
      },
    });
  });

  test("4.4: key and name are cut at 36 and 64 without a word", async () => {
    await query("k".repeat(70), "Target");
    const found = await wire.soap(retrieve("QueryDefinition", ["CustomerKey", "Name"]));
    expect(resultOf(found)).toMatchObject({ CustomerKey: "k".repeat(36), Name: "k".repeat(64) });
  });

  test.each<[string, string, RegExp]>([
    [
      "category 0",
      aQuery("Q", "Target", "SELECT EmailAddress FROM Customers", "Overwrite", "<CategoryID>0</CategoryID>"),
      /category/,
    ],
    [
      "an unknown category",
      aQuery("Q", "Target", "SELECT EmailAddress FROM Customers", "Overwrite", "<CategoryID>99</CategoryID>"),
      /category/,
    ],
    ["an unknown target", aQuery("Q", "Nowhere", "SELECT EmailAddress FROM Customers"), /target/],
    ["an unknown update type", aQuery("Q", "Target", "SELECT EmailAddress FROM Customers", "Replace"), /update type/],
    [
      "a target without name",
      aQuery("Q", "Target", "SELECT EmailAddress FROM Customers").replace("<Name>Target</Name>", ""),
      /CustomerKey and Name/,
    ],
    [
      "ORDER BY without TOP",
      aQuery("Q", "Target", "SELECT EmailAddress FROM Customers ORDER BY EmailAddress"),
      /^Error saving the Query field\. An error occurred while checking the query syntax\. Errors: The ORDER BY clause is invalid in views/,
    ],
    [
      "an unknown table",
      aQuery("Q", "Target", "SELECT EmailAddress FROM Nowhere"),
      /^Error saving the Query field\. An error occurred while checking the query syntax\. Errors: .*Invalid object name 'Nowhere'/,
    ],
  ])("5.1, 5.2: %s is refused", async (_, content, message) => {
    const result = await create("QueryDefinition", content);
    expect(result).toMatchObject({ StatusCode: "Error", NewID: "0", StatusMessage: expect.stringMatching(message) });
  });

  test("5.1: any folder of the business unit will do, and Add is Append", async () => {
    expect(await query("Q", "Target", undefined, "Add", "<CategoryID>4711</CategoryID>")).toMatchObject({
      StatusCode: "OK",
    });
    const found = await wire.soap(retrieve("QueryDefinition", ["TargetUpdateType", "CategoryID"]));
    expect(resultOf(found)).toMatchObject({ TargetUpdateType: "Append", CategoryID: "4711" });
  });

  test("5.1: name and key are unique among active queries", async () => {
    const id = String((await query("Q", "Target"))["NewObjectID"]);
    expect((await query("q", "Target"))["StatusCode"]).toBe("Error");
    await wire.soap(write("Delete", "QueryDefinition", `<ObjectID>${id}</ObjectID>`));
    expect((await query("Q", "Target"))["StatusCode"]).toBe("OK");
  });

  test("5.3: a deleted query stays, as Inactive, and cannot be deleted again", async () => {
    const message = write(
      "Delete",
      "QueryDefinition",
      `<ObjectID>${String((await query("Q", "Target"))["NewObjectID"])}</ObjectID>`,
    );
    expect(resultOf(await wire.soap(message))["StatusCode"]).toBe("OK");
    const found = await wire.soap(retrieve("QueryDefinition", ["Status", "Name"], where("CustomerKey", "equals", "Q")));
    expect(resultOf(found)).toMatchObject({ Status: "Inactive", Name: "Q" });
    expect(resultOf(await wire.soap(message))["StatusCode"]).toBe("Error");
  });

  test("5.3: the sweeper's filter, CategoryID and CreatedDate", async () => {
    await query("Old", "Target");
    await wire.advance(3_600_000);
    await query("New", "Target");
    const filter =
      `<Filter xsi:type="ComplexFilterPart">${where("CategoryID", "equals", "4712", "LeftOperand")}<LogicalOperator>AND</LogicalOperator>` +
      `<RightOperand xsi:type="SimpleFilterPart"><Property>CreatedDate</Property><SimpleOperator>lessThan</SimpleOperator><DateValue>2026-01-15T18:30:00.000Z</DateValue></RightOperand></Filter>`;
    expect(resultOf(await wire.soap(retrieve("QueryDefinition", ["Name"], filter)))).toMatchObject({ Name: "Old" });
  });
});
