import { describe, expect, it } from "vitest";
import { createDataExtension, deleteDataExtension, findDataExtensions } from "../../src/mce/soap/data-extension.ts";
import { readFields } from "../../src/mce/soap/field.ts";
import { fields } from "./support/calls.ts";
import { created, deleted, guid, nil, openStandIn, retrieved, soap } from "./support/stand-in.ts";

describe("createDataExtension()", () => {
  const draft = { customerKey: "k", name: "n", folderId: 90211, fields };

  it("uses NewObjectID, because NewID is 0", async () => {
    const { mce } = openStandIn(
      soap(
        created(
          `<StatusCode>OK</StatusCode><StatusMessage>Data Extension created.</StatusMessage><OrdinalID>0</OrdinalID><NewID>0</NewID><NewObjectID>${guid}</NewObjectID><Object xsi:type="DataExtension"><PartnerKey xsi:nil="true"/><ObjectID>${guid}</ObjectID></Object>`,
        ),
      ),
    );
    expect(await createDataExtension(mce, draft)).toEqual({ ok: true, value: { objectId: guid } });
  });

  it("writes retention so that MCE deletes rows and Data Extension", async () => {
    const { mce, sent } = openStandIn(soap(created("")));
    await createDataExtension(mce, { ...draft, retention: { days: 2 } });
    expect(sent[1]?.body).toContain(
      "<DataRetentionPeriodLength>2</DataRetentionPeriodLength><RowBasedRetention>false</RowBasedRetention><ResetRetentionPeriodOnImport>false</ResetRetentionPeriodOnImport><DeleteAtEndOfRetentionPeriod>false</DeleteAtEndOfRetentionPeriod>",
    );
    expect(sent[1]?.body).toContain("</Fields><DataRetentionPeriod>Days</DataRetentionPeriod><CategoryID>90211<");
  });

  it("writes each type with the sizes that are its own", async () => {
    const { mce, sent } = openStandIn(soap(created("")));
    await createDataExtension(mce, draft);
    const written = [...(sent[1]?.body ?? "").matchAll(/<Field>(.*?)<\/Field>/g)].map(([, field]) =>
      (field ?? "").replace(/<(\w+)>([^<]*)<\/\1>/g, "$1=$2 ").trim(),
    );
    expect(written).toEqual([
      "Name=Id IsRequired=true IsPrimaryKey=true FieldType=Number",
      "Name=Name MaxLength=254 IsRequired=true IsPrimaryKey=false FieldType=Text",
      "Name=Note IsRequired=false IsPrimaryKey=false FieldType=Text",
      "Name=Amount Scale=2 MaxLength=18 IsRequired=false IsPrimaryKey=false FieldType=Decimal",
      "Name=Joined IsRequired=false IsPrimaryKey=false FieldType=Date",
      "Name=OptIn IsRequired=false IsPrimaryKey=false FieldType=Boolean",
      "Name=Email MaxLength=254 IsRequired=false IsPrimaryKey=false FieldType=EmailAddress",
      "Name=Phone MaxLength=50 IsRequired=false IsPrimaryKey=false FieldType=Phone",
      "Name=Language MaxLength=5 IsRequired=false IsPrimaryKey=false FieldType=Locale",
    ]);
  });

  it.each([
    [
      "a refusal",
      `<StatusCode>Error</StatusCode><StatusMessage>A data extension named n already exists.</StatusMessage><OrdinalID>0</OrdinalID><ErrorCode>310007</ErrorCode><NewID>0</NewID>`,
      "Error",
      { kind: "rejected", code: "310007", message: "A data extension named n already exists." },
    ],
    [
      "a refusal without a code",
      `<StatusCode>Error</StatusCode><StatusMessage>no</StatusMessage>`,
      "Has Errors",
      { kind: "rejected", code: "Error", message: "no" },
    ],
    ["no StatusCode", `<NewObjectID>${guid}</NewObjectID>`, "OK", { kind: "unavailable", effect: "unknown" }],
    [
      "OK without an id",
      `<StatusCode>OK</StatusCode><NewObjectID xsi:nil="true"/>`,
      "OK",
      { kind: "unavailable", effect: "unknown" },
    ],
  ])("maps %s", async (_, results, overall, failure) => {
    const { mce } = openStandIn(soap(created(results, overall)));
    expect(await createDataExtension(mce, draft)).toMatchObject({ ok: false, error: failure });
  });

  it("reads an overall Error without any result as a refusal", async () => {
    const { mce } = openStandIn(
      soap(`<CreateResponse><RequestID>x</RequestID><OverallStatus>Error</OverallStatus></CreateResponse>`),
    );
    expect(await createDataExtension(mce, draft)).toMatchObject({ error: { kind: "rejected", message: "Error" } });
  });
});

describe("findDataExtensions()", () => {
  it("reads ids, folder and the UTC-6 date of creation", async () => {
    const { mce } = openStandIn(
      soap(
        retrieved(
          `<Results xsi:type="DataExtension"><PartnerKey xsi:nil="true"/><CreatedDate>2026-01-15T06:56:27.927</CreatedDate><ObjectID>${guid}</ObjectID><CustomerKey>0007</CustomerKey><Name>1e3</Name><CategoryID>90211</CategoryID></Results>`,
        ),
      ),
    );
    expect(await findDataExtensions(mce, { customerKey: "0007" })).toEqual({
      ok: true,
      value: [
        {
          objectId: guid,
          customerKey: "0007",
          name: "1e3",
          folderId: 90211,
          createdAt: Date.UTC(2026, 0, 15, 12, 56, 27, 927),
        },
      ],
    });
  });

  it("halves a list of keys that is too long for MCE", async () => {
    const tooLong = retrieved(
      "",
      "Error: String or binary data would be truncated. The statement has been terminated.",
    );
    const { mce, sent } = openStandIn(soap(tooLong, retrieved(""), retrieved("")));
    expect(await findDataExtensions(mce, { customerKeys: ["a", "b", "c"] })).toEqual({ ok: true, value: [] });
    const values = sent.slice(1).map(({ body }) => [...body.matchAll(/<Value>(\w)</g)].map(([, value]) => value));
    expect(values).toEqual([["a", "b", "c"], ["a", "b"], ["c"]]);
  });

  it("asks nothing for no keys", async () => {
    const { mce, sent } = openStandIn([]);
    expect(await findDataExtensions(mce, { customerKeys: [] })).toEqual({ ok: true, value: [] });
    expect(sent).toEqual([]);
  });
});

describe("deleteDataExtension()", () => {
  it.each([
    [
      "deleted",
      `<StatusCode>OK</StatusCode><StatusMessage>Data Extension deleted.</StatusMessage>`,
      { ok: true, value: "deleted" },
    ],
    [
      "absent",
      `<StatusCode>Error</StatusCode><StatusMessage>x</StatusMessage><ErrorCode>310002</ErrorCode>`,
      { ok: true, value: "absent" },
    ],
    [
      "refused",
      `<StatusCode>Error</StatusCode><StatusMessage>in use</StatusMessage><ErrorCode>310006</ErrorCode>`,
      { ok: false, error: { kind: "rejected", code: "310006" } },
    ],
    ["unknown", "", { ok: false, error: { kind: "unavailable", effect: "unknown" } }],
  ])("tells %s", async (_, results, answer) => {
    const { mce } = openStandIn(soap(deleted(results)));
    expect(await deleteDataExtension(mce, { customerKey: "k" })).toMatchObject(answer);
  });
});

describe("readFields()", () => {
  const field = (name: string, ordinal: number, rest: string) =>
    `<Results xsi:type="DataExtensionField">${nil}<CustomerKey>[k].[${name}]</CustomerKey><Name>${name}</Name><DefaultValue/><IsRequired>false</IsRequired><Ordinal>${ordinal}</Ordinal>${rest}<DataExtension>${nil}<CustomerKey>k</CustomerKey></DataExtension></Results>`;

  it("sorts by ordinal, a Decimal's precision coming as MaxLength", async () => {
    const { mce } = openStandIn(
      soap(
        retrieved(
          field(
            "Secret",
            5,
            `<Scale>0</Scale><IsPrimaryKey>false</IsPrimaryKey><FieldType>Base16Encrypted</FieldType>`,
          ) +
            field(
              "Amount",
              2,
              `<Scale>3</Scale><MaxLength>6</MaxLength><IsPrimaryKey>false</IsPrimaryKey><FieldType>Decimal</FieldType>`,
            ) +
            field(
              "Flag",
              4,
              `<Scale>0</Scale><MaxLength>0</MaxLength><IsPrimaryKey>false</IsPrimaryKey><FieldType>Boolean</FieldType>`,
            ) +
            field("Id", 0, `<Scale>0</Scale><IsPrimaryKey>true</IsPrimaryKey><FieldType>Number</FieldType>`) +
            field(
              "Name",
              1,
              `<Scale>0</Scale><MaxLength>100</MaxLength><IsPrimaryKey>false</IsPrimaryKey><FieldType>Text</FieldType>`,
            ),
        ),
      ),
    );
    const base = { isRequired: false, isPrimaryKey: false, hasDefault: false, dataExtensionKey: "k" };
    expect(await readFields(mce, { customerKeys: ["k"] })).toEqual({
      ok: true,
      value: [
        { ...base, name: "Id", fieldType: "Number", isPrimaryKey: true, ordinal: 0 },
        { ...base, name: "Name", fieldType: "Text", maxLength: 100, ordinal: 1 },
        { ...base, name: "Amount", fieldType: "Decimal", precision: 6, scale: 3, ordinal: 2 },
        { ...base, name: "Flag", fieldType: "Boolean", ordinal: 4 },
        { ...base, name: "Secret", fieldType: "Text", ordinal: 5 },
      ],
    });
  });

  it("asks in the enterprise when told to", async () => {
    const { mce, sent } = openStandIn(soap(retrieved("")));
    await readFields(mce, { customerKeys: ["k"] }, { clientId: 7000001 });
    expect(sent[1]?.body).toContain("<RetrieveRequest><ClientIDs><ID>7000001</ID></ClientIDs><ObjectType>");
  });
});
