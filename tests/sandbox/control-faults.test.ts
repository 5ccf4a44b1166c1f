import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Json, openWire, type Wire } from "./support/wire.ts";
import {
  aDataExtension,
  aField,
  overallOf,
  perform,
  performed,
  resultOf,
  retrieve,
  statusOf,
  write,
} from "./support/wire-messages.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
  await wire.token();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

const order = (...faults: Json[]) => wire.call("POST", "/sandbox/faults", faults);
const made = write("Create", "DataExtension", aDataExtension("Made", aField("A")));
const create = () => wire.soap(made);
const keys = async () => {
  // The control API's contract.
  const list = (await wire.call("GET", "/sandbox/state")).json["dataExtensions"] as { key: string }[];
  return list.map((it) => it.key);
};
const isLost = (work: Promise<unknown>) =>
  work.then(
    () => false,
    () => true,
  );

describe("POST /sandbox/faults", () => {
  test("drop after: the effect is there, the answer is lost, the ledger says so", async () => {
    await order({ call: "SOAP Create DataExtension", drop: "after" });
    expect(await isLost(create())).toBe(true);
    expect(await keys()).toContain("Made");
    expect(await wire.ledger()).toEqual([
      expect.objectContaining({ call: "SOAP Create DataExtension", httpStatus: 200, fault: "dropped" }),
    ]);
  });

  test("drop before: no effect, no answer", async () => {
    await order({ call: "SOAP Create DataExtension", drop: "before" });
    expect(await isLost(create())).toBe(true);
    expect(await keys()).not.toContain("Made");
  });

  test("drop after on Perform: the query runs", async () => {
    const { queryId } = await performed(wire, "Run", "SELECT EmailAddress FROM Customers");
    await order({ call: "SOAP Perform", drop: "after" });
    expect(await isLost(wire.soap(perform(`<ObjectID>${queryId}</ObjectID>`)))).toBe(true);
    expect((await wire.ledger()).filter((it) => it["event"] === "perform")).toHaveLength(2);
  });

  test("status and body replace the work", async () => {
    const body = { errorcode: 50100, message: "Rate limit exceeded", retryAfter: 5 };
    await order({ call: "SOAP Create DataExtension", status: 429, body, headers: { "retry-after": "5" } });
    const answer = await wire.call("POST", "/Service.asmx", wire.envelope(made, await wire.token()));
    expect([answer.status, answer.json, answer.headers.get("retry-after")]).toEqual([429, body, "5"]);
    expect(await keys()).not.toContain("Made");
  });

  test.each([
    ["throttled", 500, "<Code>17</Code><Message>Rate Limited</Message></apifault>", 429, 50100],
    ["token-expired", 500, "Token Expired", 401, 0],
    ["login-failed", 500, "Login Failed", 401, 0],
    ["server-error", 500, "apifault", 500, 500],
  ])("MCE 2.5, 2.6: as %s answers in the protocol of the call", async (as, soapStatus, text, restStatus, errorcode) => {
    await order({ call: "SOAP Create DataExtension", as }, { call: "REST rowset", as });
    const soap = await create();
    expect([soap.status, soap.text.includes(text), soap.text.includes("soap:Fault")]).toEqual([soapStatus, true, true]);
    const rest = await wire.call("GET", "/data/v1/customobjectdata/key/Made/rowset");
    expect([rest.status, rest.json["errorcode"]]).toEqual([restStatus, errorcode]);
    expect(rest.headers.get("retry-after")).toBe(as === "throttled" ? "5" : null);
    expect(await keys()).not.toContain("Made");
  });

  test.each([
    ["SOAP Retrieve DataFolder", retrieve("DataFolder", ["ID"]), "Error: API Permission Failed."],
    ["SOAP Create DataExtension", made, "Error"],
    ["SOAP Perform", perform("<ObjectID>x</ObjectID>"), "Error"],
  ])("MCE 2.3: as no-scope %s is refused in the form of its own answer", async (call, body, overall) => {
    await order({ call, as: "no-scope" });
    const answer = await wire.soap(body);
    expect([answer.status, overallOf(answer)]).toEqual([200, overall]);
    expect(answer.text).toContain("API Permission Failed.");
    expect(await keys()).not.toContain("Made");
  });

  test("as login-failed and token-expired answer OAuth's errors at the token endpoint", async () => {
    await order({ call: "AUTH token", as: "login-failed" }, { call: "AUTH token", nth: 2, as: "token-expired" });
    const answers = [await wire.call("POST", "/v2/token", {}), await wire.call("POST", "/v2/token", {})];
    expect(answers.map(({ status, json }) => [status, json["error"]])).toEqual([
      [401, "invalid_client"],
      [400, "invalid_grant"],
    ]);
  });

  test("as answers a SOAP 1.2 request in SOAP 1.2", async () => {
    await order({ call: "SOAP Create DataExtension", as: "throttled" });
    const answer = await wire.soap(made, { version: "1.2" });
    expect(answer.headers.get("content-type")).toBe("application/soap+xml; charset=utf-8");
    expect(answer.body).toMatchObject({
      Fault: { Code: { Value: "soap:Receiver" }, Detail: { apifault: { Code: "17" } } },
    });
  });

  test("text: the message of as, in the protocol of the call", async () => {
    const text = "Deadlock <victim>";
    await order(
      { call: "SOAP Create DataExtension", as: "server-error", text },
      { call: "REST rowset", as: "server-error", text },
    );
    expect((await create()).body).toMatchObject({
      Fault: { faultstring: text, detail: { apifault: { Message: text } } },
    });
    expect((await wire.call("GET", "/data/v1/customobjectdata/key/Made/rowset")).json["message"]).toBe(text);
  });

  test.each([
    ["expire", "Token Expired"],
    ["revoke", "Login Failed"],
  ])("tokens %s: the token in use ends before the call is looked at: %s", async (tokens, text) => {
    const token = await wire.token(8000001, "b", tokens === "expire" ? "offline" : "offline automations_read");
    await order({ call: "SOAP *", nth: 2, tokens });
    const answers = [await wire.soap(made, { token }), await wire.soap(made, { token }), await create()];
    expect(answers.map((it) => it.status)).toEqual([200, 500, 200]);
    expect(answers[1]?.text).toContain(text);
  });

  test("hang: the effect is there, no answer ever comes, the connection stays open", async () => {
    await order({ call: "SOAP Create DataExtension", hang: true });
    const message = wire.envelope(made, await wire.token());
    const given = new AbortController();
    const asked = fetch(`${wire.url}/Service.asmx`, { method: "POST", body: message, signal: given.signal });
    await expect.poll(keys).toContain("Made");
    await wire.advance(86_400_000);
    const seen = await Promise.race([
      asked.then(
        () => "answered",
        () => "lost",
      ),
      wire.ledger().then(() => "waiting"),
    ]);
    given.abort();
    await asked.catch(() => undefined);
    expect(seen).toBe("waiting");
    expect(await wire.ledger()).toEqual([expect.objectContaining({ fault: "hung", httpStatus: 200 })]);
  });

  test("nth and times: from the nth call on, so many", async () => {
    await order({ call: "AUTH token", nth: 2, times: 2, status: 503 });
    const statuses: number[] = [];
    for (let time = 0; time < 4; time++) statuses.push((await wire.call("POST", "/v2/token", {})).status);
    expect(statuses).toEqual([401, 503, 503, 401]);
  });

  test("mid: only calls of that business unit", async () => {
    await order({ call: "SOAP *", mid: 7000011, status: 500 });
    const other = await wire.token(7000011);
    expect([(await create()).status, (await wire.soap(made, { token: other })).status]).toEqual([200, 500]);
  });

  test("delayMs: the effect is there at once, the answer when the clock says so", async () => {
    await order({ call: "SOAP Create DataExtension", delayMs: 5000 });
    let isAnswered = false;
    const answer = create().then((it) => {
      isAnswered = true;
      return it;
    });
    await expect.poll(keys).toContain("Made");
    await wire.advance(4999);
    expect(isAnswered).toBe(false);
    await wire.advance(1);
    expect(resultOf(await answer)["StatusCode"]).toBe("OK");
  });

  test("truncateAt: so many bytes, then the connection closes", async () => {
    await order({ call: "SOAP Create DataExtension", truncateAt: 40 });
    expect(await isLost(create())).toBe(true);
    expect(await keys()).toContain("Made");
  });

  test("twice: the work is done two times", async () => {
    await order({ call: "SOAP Create DataExtension", twice: true });
    expect(resultOf(await create())).toMatchObject({ StatusCode: "Error", ErrorCode: "310003" });
    expect(await keys()).toContain("Made");
  });

  test("a fault that has hit often enough is gone; DELETE clears the rest", async () => {
    await order({ call: "AUTH token", status: 500 }, { call: "REST rowset", status: 500 });
    await wire.call("POST", "/v2/token", {});
    expect(JSON.parse((await wire.call("GET", "/sandbox/faults")).text)).toHaveLength(1);
    await wire.call("DELETE", "/sandbox/faults");
    expect((await wire.call("GET", "/sandbox/faults")).text).toBe("[]");
  });

  test.each([
    ["no call", [{ status: 500 }]],
    ["an unknown member", [{ call: "AUTH token", sttus: 500 }]],
    ["a wrong drop", [{ call: "AUTH token", drop: "later" }]],
  ])("%s is 400", async (_, body) => {
    expect((await wire.call("POST", "/sandbox/faults", body)).status).toBe(400);
  });

  test("a task goes on while its status answers are lost", async () => {
    const { taskId } = await performed(wire, "Run", "SELECT EmailAddress FROM Customers");
    await order({ call: "SOAP Retrieve AsyncActivityStatus", drop: "before", times: 2 });
    expect([await isLost(statusOf(wire, taskId)), await isLost(statusOf(wire, taskId))]).toEqual([true, true]);
    await wire.advance(2000);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Complete" });
  });
});
