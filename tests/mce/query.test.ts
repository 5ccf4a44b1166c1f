import { describe, expect, it } from "vitest";
import { findTask } from "../../src/mce/soap/find-task.ts";
import { readAsyncStatus } from "../../src/mce/soap/async-status.ts";
import { performQuery } from "../../src/mce/soap/perform.ts";
import {
  createQueryDefinition,
  deleteQueryDefinition,
  findQueryDefinitions,
} from "../../src/mce/soap/query-definition.ts";
import { created, deleted, guid, nil, openStandIn, retrieved, soap } from "./support/stand-in.ts";

describe("query definitions", () => {
  const query = (key: string, status: string, createdDate = "2026-01-15T00:00:00.000") =>
    `<Results xsi:type="QueryDefinition"><PartnerKey xsi:nil="true"/><CreatedDate>${createdDate}</CreatedDate><ObjectID>${guid}</ObjectID><CustomerKey>${key}</CustomerKey><Name>n</Name>${status}</Results>`;
  const draft = {
    customerKey: "k",
    name: "n",
    sql: "SELECT 1 AS a",
    target: { customerKey: "t", name: "t" },
    updateType: "Overwrite",
  } as const;

  it("createQueryDefinition() passes on what MCE's checker answers", async () => {
    const said =
      "Error saving the Query field. An error occurred while checking the query syntax. Errors: Invalid column name &apos;x&apos;.";
    const { mce } = openStandIn(
      soap(created(`<StatusCode>Error</StatusCode><StatusMessage>${said}</StatusMessage>`, "Error")),
    );
    expect(await createQueryDefinition(mce, draft)).toMatchObject({
      error: {
        kind: "rejected",
        message:
          "Error saving the Query field. An error occurred while checking the query syntax. Errors: Invalid column name 'x'.",
      },
    });
  });

  it("findQueryDefinitions() asks for active ones and drops deleted ones all the same", async () => {
    const { mce, sent } = openStandIn(
      soap(retrieved(query("a", "<Status>Active</Status>") + query("b", "<Status>Inactive</Status>") + query("c", ""))),
    );
    const found = await findQueryDefinitions(mce, { customerKey: "a" });
    expect(found.ok && found.value.map(({ customerKey }) => customerKey)).toEqual(["a", "c"]);
    expect(sent[1]?.body).toContain(
      `<Property>Status</Property><SimpleOperator>equals</SimpleOperator><Value>Active</Value>`,
    );
  });

  it("findQueryDefinitions() asks in UTC-6 and drops young ones", async () => {
    const createdBefore = Date.UTC(2026, 0, 15, 12);
    const { mce, sent } = openStandIn(
      soap(retrieved(query("old", "", "2026-01-15T05:59:59.999") + query("young", "", "2026-01-15T06:00:00.000"))),
    );
    const found = await findQueryDefinitions(mce, { folderId: 4713, createdBefore });
    expect(found.ok && found.value.map(({ customerKey }) => customerKey)).toEqual(["old"]);
    expect(sent[1]?.body).toContain(
      `<SimpleOperator>lessThan</SimpleOperator><DateValue>2026-01-15T06:00:00.000</DateValue>`,
    );
  });

  it("deleteQueryDefinition() calls a refused one absent only when it is gone from MCE", async () => {
    const refused = deleted(
      `<StatusCode>Error</StatusCode><StatusMessage>no</StatusMessage><ErrorCode>2</ErrorCode>`,
      "Error",
    );
    const gone = openStandIn(soap(refused, retrieved(query("k", "<Status>Inactive</Status>"))));
    expect(await deleteQueryDefinition(gone.mce, { objectId: guid })).toEqual({ ok: true, value: "absent" });
    const there = openStandIn(soap(refused, retrieved(query("k", "<Status>Active</Status>"))));
    expect(await deleteQueryDefinition(there.mce, { objectId: guid })).toMatchObject({
      error: { kind: "rejected", code: "2" },
    });
    const deaf = openStandIn([...soap(refused), { status: 503, body: "" }]);
    expect(await deleteQueryDefinition(deaf.mce, { objectId: guid })).toMatchObject({ error: { kind: "rejected" } });
  });
});

describe("performQuery()", () => {
  it("reads Task/ID of the nested result", async () => {
    const body = `<PerformResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><Results><Result><StatusCode>OK</StatusCode><StatusMessage>QueryDefinition perform called successfully</StatusMessage><Object xsi:type="QueryDefinition"><PartnerKey xsi:nil="true"/><ObjectID>${guid}</ObjectID></Object><Task><StatusCode>OK</StatusCode><StatusMessage>OK</StatusMessage><ID>127061082</ID><InteractionObjectID>${guid}</InteractionObjectID></Task></Result></Results><OverallStatus>OK</OverallStatus><OverallStatusMessage/><RequestID>${guid}</RequestID></PerformResponseMsg>`;
    const { mce, sent } = openStandIn(soap(body));
    expect(await performQuery(mce, { objectId: guid })).toEqual({ ok: true, value: { taskId: "127061082" } });
    const { headers, url, redirect } = sent[1] ?? {};
    expect(url).toBe("https://mc0000000000000000000000test.soap.marketingcloudapis.com/Service.asmx");
    expect([headers?.get("soapaction"), headers?.get("content-type"), redirect]).toEqual([
      "Perform",
      "text/xml; charset=utf-8",
      "manual",
    ]);
    expect(sent[1]?.body).toContain(`<fueloauth xmlns="http://exacttarget.com">token-1</fueloauth>`);
  });

  it("is asked whether it may still be sent when it has its token, and sends nothing when not", async () => {
    const { mce, sent } = openStandIn(soap(""));
    const sentBefore: number[] = [];
    const mayBeSent = () => {
      sentBefore.push(sent.length);
      return false;
    };
    const failure = { kind: "aborted", message: "SOAP Perform was canceled" };
    expect(await performQuery(mce, { objectId: guid, mayBeSent })).toMatchObject({ ok: false, error: failure });
    expect([sentBefore, sent.length]).toEqual([[1], 1]);
  });
});

const row = (pairs: Record<string, string>) =>
  `<Results xsi:type="ObjectExtension">${nil}<Type>AsyncActivityStatus</Type><Properties>${Object.entries(pairs)
    .map(([name, value]) => `<Property><Name>${name}</Name><Value>${value}</Value></Property>`)
    .join("")}</Properties></Results>`;

describe("findTask()", () => {
  const by = {
    customerKey: "QPP_a_1",
    from: Date.UTC(2026, 0, 16, 16, 54, 35),
    until: Date.UTC(2026, 0, 16, 23, 5, 9),
  };
  const rows = [
    row({ CustomerKey: "QPP_a_2", TaskID: "14" }),
    row({ TaskID: "9", CustomerKey: "qpp_A_1" }),
    row({ TaskID: "12", CustomerKey: "QPP_a_1" }),
    row({ TaskID: "13", CustomerKey: "" }),
    row({ TaskID: "0", CustomerKey: "QPP_a_1" }),
  ].join("");

  it("finds the newest task of the query's key", async () => {
    const { mce } = openStandIn(soap(retrieved(rows)));
    expect(await findTask(mce, by)).toEqual({ ok: true, value: "12" });
  });

  it("reads the first batch only", async () => {
    const { mce, sent } = openStandIn(soap(retrieved(row({ TaskID: "13", CustomerKey: "b" }), "MoreDataAvailable")));
    expect(await findTask(mce, by)).toEqual({ ok: true, value: undefined });
    expect(sent).toHaveLength(2);
  });

  it("names the span as texts of the server's zone, an hour wider on both sides", async () => {
    const { mce, sent } = openStandIn(soap(retrieved("")));
    await findTask(mce, by);
    expect(sent[1]?.body).toContain("<Value>1/16/2026 9:54:35 AM</Value>");
    expect(sent[1]?.body).toContain("<Value>1/16/2026 6:05:09 PM</Value>");
  });

  it("is rejected where MCE knows no such property", async () => {
    const { mce } = openStandIn(soap(retrieved("", "Error: The Request Property(s) CustomerKey do not match")));
    expect(await findTask(mce, by)).toMatchObject({ ok: false, error: { kind: "rejected" } });
  });
});

describe("readAsyncStatus()", () => {
  it("reads pairs in any order", async () => {
    const { mce } = openStandIn(
      soap(
        retrieved(
          row({
            ErrorMsg: "",
            CompletedDate: "1/16/2026 10:54:35 AM",
            Status: "Queued",
            ProcessedCount: "0",
            TaskID: "10684",
          }),
        ),
      ),
    );
    expect(await readAsyncStatus(mce, { taskId: "10684" })).toEqual({
      ok: true,
      value: { status: "Queued", errorMsg: "", completedDate: "1/16/2026 10:54:35 AM", processedCount: 0 },
    });
  });

  it("reads a row of a single pair", async () => {
    const { mce } = openStandIn(soap(retrieved(row({ Status: "Complete" }))));
    expect(await readAsyncStatus(mce, { taskId: "1" })).toEqual({
      ok: true,
      value: { status: "Complete", errorMsg: "" },
    });
  });

  it("answers undefined without a row, or with one of another task", async () => {
    const none = openStandIn(soap(retrieved("")));
    expect(await readAsyncStatus(none.mce, { taskId: "1" })).toEqual({ ok: true, value: undefined });
    const other = openStandIn(soap(retrieved(row({ TaskID: "2", Status: "Complete" }))));
    expect(await readAsyncStatus(other.mce, { taskId: "1" })).toEqual({ ok: true, value: undefined });
  });

  it("does not make up a status", async () => {
    const { mce } = openStandIn(soap(retrieved(row({ TaskID: "1", Status: "" }))));
    expect(await readAsyncStatus(mce, { taskId: "1" })).toMatchObject({ error: { kind: "unavailable" } });
  });
});
