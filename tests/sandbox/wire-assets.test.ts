import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import { aDataExtension, aField, overallOf, resultOf, retrieve, where, write } from "./support/wire-messages.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const create = async (type: string, content: string) => resultOf(await wire.soap(write("Create", type, content)));

describe("DataFolder, FACTS 3", () => {
  const folder = (change: Record<string, string> = {}) => {
    const parts = {
      Name: "Scratch",
      Description: "temporary",
      ContentType: "dataextension",
      CustomerKey: "scratch",
      ...change,
    };
    const { Parent = "4711", ...rest } = parts as Record<string, string>;
    return `<ParentFolder><ID>${Parent}</ID></ParentFolder>${Object.entries(rest)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join("")}`;
  };

  test("3.3: success answers the folder's id as NewID, and no Object", async () => {
    const result = await create("DataFolder", folder());
    expect(result).toEqual({
      StatusCode: "OK",
      StatusMessage: "Folder created successfully.",
      OrdinalID: "0",
      NewID: expect.stringMatching(/^\d{4,7}$/),
      NewObjectID: expect.stringMatching(guid),
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ["no name", { Name: "" }, "396003"],
    ["no content type", { ContentType: "" }, "396004"],
    ["no description", { Description: "" }, "396010"],
    ["a content type SOAP cannot create", { ContentType: "automations" }, "396005"],
    ["an unknown parent", { Parent: "99" }, "396007"],
    ["a parent of another kind", { Parent: "4712" }, "396007"],
    ["a parent of another business unit", { Parent: "4714" }, "396007"],
  ])("3.3: %s is refused", async (_, change, code) => {
    expect(await create("DataFolder", folder(change))).toMatchObject({
      StatusCode: "Error",
      ErrorCode: code,
      NewID: "0",
    });
  });

  test("3.3: the name of a sibling and a used key are refused", async () => {
    await create("DataFolder", folder());
    const name = await create("DataFolder", folder({ CustomerKey: "other" }));
    const key = await create("DataFolder", folder({ Name: "Other" }));
    expect([name["StatusMessage"], key["ErrorCode"]]).toEqual(["Please select a unique folder name.", "396002"]);
  });

  test("3.3: update and delete", async () => {
    const id = `<ID>${String((await create("DataFolder", folder()))["NewID"])}</ID>`;
    const updated = await wire.soap(write("Update", "DataFolder", `${id}<Name>Renamed</Name>`));
    expect(resultOf(updated)["StatusMessage"]).toBe("Folder updated successfully.");
    expect(resultOf(await wire.soap(write("Delete", "DataFolder", id)))["StatusCode"]).toBe("OK");
    expect(
      resultOf(await wire.soap(retrieve("DataFolder", ["ID"], where("Name", "equals", "Renamed")))),
    ).toBeUndefined();
  });
});

describe("DataExtension, FACTS 4", () => {
  test("4.1: success answers NewID 0, NewObjectID and the request echoed", async () => {
    const more =
      "<CategoryID>4711</CategoryID><DataRetentionPeriodLength>2</DataRetentionPeriodLength><DataRetentionPeriod>Days</DataRetentionPeriod>";
    const result = await create(
      "DataExtension",
      aDataExtension("Made", aField("Amount", "Decimal", "<MaxLength>18</MaxLength><Scale>2</Scale>"), more),
    );
    expect(result).toMatchObject({
      StatusMessage: "Data Extension created.",
      NewID: "0",
      NewObjectID: expect.stringMatching(guid),
      Object: {
        "@type": "DataExtension",
        PartnerKey: { "@nil": "true" },
        ObjectID: result["NewObjectID"],
        Description: "",
        RowBasedRetention: "false",
        RetainUntil: "",
        Fields: {
          Field: {
            ObjectID: { "@nil": "true" },
            Name: "Amount",
            Scale: "2",
            DefaultValue: "",
            MaxLength: "18",
            FieldType: "Decimal",
          },
        },
        CategoryID: "4711",
      },
    });
  });

  test("4.3: a period ends at midnight of the server, in US form", async () => {
    const more =
      "<DataRetentionPeriodLength>2</DataRetentionPeriodLength><DataRetentionPeriod>Days</DataRetentionPeriod>";
    await create("DataExtension", aDataExtension("Kept", aField("A"), more));
    const asked = ["RetainUntil", "DataRetentionPeriodLength", "DataRetentionPeriodUnitOfMeasure", "CreatedDate"];
    expect(resultOf(await wire.soap(retrieve("DataExtension", asked, where("Name", "equals", "Kept"))))).toMatchObject({
      CreatedDate: "2026-01-15T12:00:00.000",
      DataRetentionPeriodLength: "2",
      DataRetentionPeriodUnitOfMeasure: "3",
      RetainUntil: "1/17/2026 12:00:00 AM",
    });
  });

  test.each<[string, string, [number, number]]>([
    ["false: rows and data extension go", "false", [0, 0]],
    ["true: only the rows go", "true", [1, 0]],
  ])("4.3: at the end of the period, DeleteAtEndOfRetentionPeriod %s", async (_, flag, left) => {
    await wire.call("POST", "/sandbox/behaviours", { tokenLifeMs: 86_400_000 });
    const period =
      "<DataRetentionPeriodLength>1</DataRetentionPeriodLength><DataRetentionPeriod>Days</DataRetentionPeriod>";
    const more = `<DeleteAtEndOfRetentionPeriod>${flag}</DeleteAtEndOfRetentionPeriod>${period}`;
    await create("DataExtension", aDataExtension("Ending", aField("A"), more));
    const authorization = `Bearer ${await wire.token()}`;
    await wire.call("POST", "/hub/v1/dataevents/key:Ending/rowset", [{ values: { A: "1" } }], { authorization });
    const counts = async () => {
      // The door's contract.
      const list = (await wire.call("GET", "/sandbox/state")).json["dataExtensions"] as { key: string; rows: number }[];
      const found = list.filter((it) => it.key === "Ending");
      return [found.length, found[0]?.rows ?? 0];
    };
    await wire.advance(12 * 3_600_000 - 1);
    expect(await counts()).toEqual([1, 1]);
    await wire.advance(1);
    expect(await counts()).toEqual(left);
  });

  test.each<[string, string, string]>([
    ["no key", "<Name>N</Name><Fields><Field><Name>A</Name></Field></Fields>", "310001"],
    ["no name", "<CustomerKey>K</CustomerKey><Fields><Field><Name>A</Name></Field></Fields>", "310007"],
    ["a name with a forbidden character", aDataExtension("a.b", aField("A")), "310007"],
    ["a name of 101 characters", aDataExtension("n".repeat(101), aField("A")), "310007"],
    ["a name that begins with _", aDataExtension("_n", aField("A")), "310007"],
    ["no fields", aDataExtension("N", ""), "310007"],
    ["the same field twice", aDataExtension("N", aField("A") + aField("a")), "310007"],
    ["an unknown field type", aDataExtension("N", aField("A", "Blob")), "310007"],
    ["text longer than 4000", aDataExtension("N", aField("A", "Text", "<MaxLength>4001</MaxLength>")), "310007"],
    ["category 0", aDataExtension("N", aField("A"), "<CategoryID>0</CategoryID>"), "310007"],
    ["an unknown category", aDataExtension("N", aField("A"), "<CategoryID>99</CategoryID>"), "310007"],
  ])("4.4: %s is refused", async (_, content, code) => {
    expect(await create("DataExtension", content)).toMatchObject({ StatusCode: "Error", ErrorCode: code, NewID: "0" });
  });

  test("4.4: names are unique without case; the name of a deleted one is free only after a while", async () => {
    const made = (name: string, key: string) =>
      create("DataExtension", aDataExtension(name, aField("A")).replace(name, key));
    await made("Twin", "k1");
    const taken = { ErrorCode: "310007", StatusMessage: "A data extension named TWIN already exists." };
    expect(await made("TWIN", "k2")).toMatchObject(taken);
    expect(await made("Other", "K1")).toMatchObject({ ErrorCode: "310007" });
    await wire.soap(write("Delete", "DataExtension", "<CustomerKey>k1</CustomerKey>"));
    expect(await made("TWIN", "k2")).toMatchObject(taken);
    await wire.advance(5 * 60_000);
    expect(await made("TWIN", "k2")).toMatchObject({ StatusCode: "OK" });
  });

  test("4.6: delete answers both ids; a second one 310002", async () => {
    const { NewObjectID } = await create("DataExtension", aDataExtension("Gone", aField("A")));
    const message = write("Delete", "DataExtension", "<CustomerKey>Gone</CustomerKey>");
    expect(resultOf(await wire.soap(message))).toMatchObject({
      StatusMessage: "Data Extension deleted.",
      Object: { "@type": "DataExtension", ObjectID: NewObjectID, CustomerKey: "Gone" },
    });
    const again = await wire.soap(message);
    expect([overallOf(again), resultOf(again)["ErrorCode"]]).toEqual(["Error", "310002"]);
  });

  test("2.4: a batch that partly fails says Has Errors, results in the order of the objects", async () => {
    const objects = [aDataExtension("Fine", aField("A")), aDataExtension("", aField("A"))];
    const body = write("Create", "DataExtension", objects.join(`</Objects><Objects xsi:type="DataExtension">`));
    const answer = await wire.soap(body);
    expect(overallOf(answer)).toBe("Has Errors");
    expect(resultOf(answer)).toMatchObject([
      { StatusCode: "OK", OrdinalID: "0" },
      { StatusCode: "Error", OrdinalID: "1" },
    ]);
  });

  test("4.2, 4.5: fields come unsorted, with Ordinal, Scale and DefaultValue; by key and not by name", async () => {
    const fields =
      aField("A") +
      aField("B", "Number") +
      aField("C", "Decimal", "<Precision>6</Precision><Scale>3</Scale>") +
      aField("D", "EmailAddress");
    await create("DataExtension", aDataExtension("Fielded", fields));
    const asked = [
      "Name",
      "Ordinal",
      "Scale",
      "DefaultValue",
      "MaxLength",
      "FieldType",
      "DataExtension.CustomerKey",
      "CustomerKey",
      "IsRequired",
    ];
    const found = await wire.soap(
      retrieve("DataExtensionField", asked, where("DataExtension.CustomerKey", "equals", "Fielded")),
    );
    // Four fields make a list.
    const list = resultOf(found) as unknown as Record<string, string>[];
    expect(list.map((it) => it["Ordinal"])).not.toEqual(["0", "1", "2", "3"]);
    expect([...list].sort((a, b) => Number(a["Ordinal"]) - Number(b["Ordinal"]))).toMatchObject([
      {
        Name: "A",
        Scale: "0",
        DefaultValue: "",
        MaxLength: "254",
        CustomerKey: "[Fielded].[A]",
        DataExtension: { CustomerKey: "Fielded" },
      },
      { Name: "B", Scale: "0", FieldType: "Number" },
      { Name: "C", Scale: "3", MaxLength: "6" },
      { Name: "D", MaxLength: "254" },
    ]);
    expect(list.find((it) => it["Name"] === "B")).not.toHaveProperty("MaxLength");
    const byName = await wire.soap(
      retrieve("DataExtensionField", asked, where("DataExtension.Name", "equals", "Fielded")),
    );
    expect([overallOf(byName), resultOf(byName)]).toEqual(["OK", undefined]);
  });

  test("4.6: update adds a column, rows stay", async () => {
    await create("DataExtension", aDataExtension("Grown", aField("A")));
    const token = await wire.token();
    await wire.call("POST", "/hub/v1/dataevents/key:Grown/rowset", [{ keys: {}, values: { A: "1" } }], {
      authorization: `Bearer ${token}`,
    });
    const updated = await wire.soap(
      write("Update", "DataExtension", `<CustomerKey>Grown</CustomerKey><Fields>${aField("B")}</Fields>`),
    );
    expect(resultOf(updated)["StatusMessage"]).toBe("Data Extension updated.");
    const rows = await wire.soap(retrieve("DataExtensionObject[Grown]", ["A", "B"]));
    expect(resultOf(rows)).toMatchObject({
      Properties: {
        Property: [
          { Name: "A", Value: "1" },
          { Name: "B", Value: "" },
        ],
      },
    });
  });

  test("1.3, 4.5: a token of another business unit sees nothing and can delete nothing", async () => {
    await create("DataExtension", aDataExtension("Private", aField("A")));
    for (const token of [await wire.token(7000011), await wire.token(8000001, "b")]) {
      const seen = await wire.soap(retrieve("DataExtension", ["Name"], where("Name", "equals", "Private")), { token });
      expect([overallOf(seen), resultOf(seen)]).toEqual(["OK", undefined]);
      const gone = await wire.soap(write("Delete", "DataExtension", "<CustomerKey>Private</CustomerKey>"), { token });
      expect(resultOf(gone)["ErrorCode"]).toBe("310002");
    }
  });
});
