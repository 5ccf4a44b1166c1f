import { describe, expect, it } from "vitest";
import { bodyOf, post } from "./support/api.ts";
import { alice, type Person } from "./support/people.ts";
import { callsOf } from "./support/sandbox.ts";

type Check = {
  ok: boolean;
  diagnostics: { code: string; fix?: string }[];
  columns: { name: string; type: string }[];
  notes: string[];
  target?: {
    fits: boolean;
    fields: { field: string; column?: string; verdict: string }[];
    reasons: { message: string }[];
  };
};

const child: Person = { ...alice, mid: 7000012 };

async function check(body: object): Promise<Check> {
  return bodyOf<Check>(await post("/v1/sql/check", body, {}, child));
}
const locally = (sql: string, more: object = {}) => check({ sql, validate: false, ...more });

/** Calls are counted while other files ask Marketing Cloud as the same business unit, so a count may need a second look. */
const counted = { retry: 3 };

describe("POST /v1/sql/check, validate: false", counted, () => {
  it("asks Marketing Cloud nothing while somebody types, once list and fields are known", async () => {
    const sql = "SELECT c.CustomerKey, o.OrderId FROM Customers c JOIN Orders o ON o.CustomerKey = c.CustomerKey";
    await locally(sql);
    // Every beginning of the text, as the keys come: half-typed names too.
    const typed = Array.from({ length: sql.length }, (_, at) => sql.slice(0, at + 1));
    const calls = await callsOf(child.mid, async () => {
      for (const text of typed) await locally(text);
    });
    expect(calls).toEqual({});
  });

  it("reads the fields of a table once, and knows columns by them", async () => {
    await locally("SELECT 1 AS a FROM Custommers");
    const sql = "SELECT Sku, Nmae FROM Products";
    const first = await callsOf(child.mid, () => locally(sql));
    expect(first).toEqual({ "SOAP Retrieve DataExtension": 1, "SOAP Retrieve DataExtensionField": 1 });
    const again = await callsOf(child.mid, async () => {
      const { diagnostics } = await locally(sql);
      expect(diagnostics.map(({ code }) => code)).toContain("UNKNOWN_COLUMN");
    });
    expect(again).toEqual({});
  });

  it("finds the table that was meant by the list, and shared ones too", async () => {
    const { diagnostics } = await locally("SELECT CustomerKey FROM Custmers");
    expect(diagnostics).toMatchObject([{ code: "UNKNOWN_TABLE", fix: "Did you mean Customers?" }]);
    const shared = await locally("SELECT SubscriberKey FROM Ent.[Shared Suppression]");
    expect(shared).toMatchObject({ ok: true, diagnostics: [], columns: [{ name: "SubscriberKey", type: "Text" }] });
  });

  it("says the same as the validated check of a query without mistakes", async () => {
    const sql = "SELECT TOP 5 CustomerKey FROM Customers WHERE Country = 'DE' ORDER BY CustomerKey";
    const [one, other] = await Promise.all([locally(sql), check({ sql })]);
    expect(one).toEqual(other);
  });
});

describe("POST /v1/sql/check, validated", counted, () => {
  it("asks Marketing Cloud once for a text", async () => {
    const sql = "SELECT CustomerKey FROM Customers WHERE CustomerKey <> 'once'";
    const calls = await callsOf(child.mid, async () => {
      for (let n = 0; n < 3; n += 1) await check({ sql });
    });
    expect(calls["REST validate"]).toBe(1);
  });
});

describe("POST /v1/sql/check with a target", counted, () => {
  const into = (customerKey: string, mode = "append") => ({ target: { customerKey, mode } });
  const sql = "SELECT 1 AS Id, 'a' AS Name";

  it("tells for each field what goes into it", async () => {
    const { target } = await locally("SELECT 1 AS Id, 12.5 AS Name, 'x' AS Other", into("No Rows"));
    expect(target).toMatchObject({
      fits: false,
      fields: [
        { field: "Id", column: "Id", verdict: "fits" },
        { field: "Name", column: "Name", verdict: "fits" },
        { field: "Other", column: "Other", verdict: "refused" },
      ],
      reasons: [{ message: "the target has no field Other" }],
    });
    expect((await locally(sql, into("No Rows"))).target).toMatchObject({ fits: true, reasons: [] });
    expect((await locally("SELECT 'a' AS Name", into("No Rows"))).target).toMatchObject({
      fits: false,
      fields: [
        { field: "Id", verdict: "missing" },
        { field: "Name", verdict: "fits" },
      ],
    });
  });

  it("costs no call once the target is known", async () => {
    await locally(sql, into("No Rows"));
    expect(await callsOf(child.mid, () => locally(sql, into("No Rows")))).toEqual({});
  });

  it.each([
    ["nowhere", "append", sql, /does not exist/],
    ["No Rows", "append", "SELECT Id, Name FROM [No Rows]", /reads "No Rows"/],
  ])("says why a run into %s by %s would be refused", async (key, mode, text, why) => {
    const { target } = await locally(text, into(key, mode));
    expect(target).toMatchObject({ fits: false, fields: [], reasons: [{ message: expect.stringMatching(why) }] });
  });

  it("says so when the columns are not known", async () => {
    const { target, notes } = await locally("SELECT * FROM Nowhere", into("No Rows"));
    expect([target, notes]).toEqual([undefined, [expect.stringMatching(/^Not compared with "No Rows"/)]]);
  });

  it.each([{ customerKey: "x" }, { customerKey: "", mode: "append" }, { customerKey: "x", mode: "append", more: 1 }])(
    "refuses %j",
    async (target) => {
      const answer = await post("/v1/sql/check", { sql, target }, {}, child);
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "INVALID_BODY"]);
    },
  );
});
