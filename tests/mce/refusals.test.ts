import { describe, expect, it, test } from "vitest";
import type { Mce } from "../../src/mce/client.ts";
import type { Answer } from "../../src/mce/failure.ts";
import { isMute } from "../../src/mce/reason.ts";
import { createQueryByRest } from "../../src/mce/rest/create-query.ts";
import { isQueryRunning } from "../../src/mce/rest/is-running.ts";
import { validateQuery } from "../../src/mce/rest/validate.ts";
import { scopesText } from "../../src/mce/scopes.ts";
import { createDataExtension, deleteDataExtension, findDataExtensions } from "../../src/mce/soap/data-extension.ts";
import { performQuery } from "../../src/mce/soap/perform.ts";
import { mintToken } from "../../src/mce/token-request.ts";
import { mceDeps } from "../support/platform.ts";
import { fields } from "./support/calls.ts";
import {
  access,
  created,
  deleted,
  fault,
  openStandIn,
  retrieved,
  soap,
  soapAnswer,
  type Reply,
} from "./support/stand-in.ts";

const make = (mce: Mce) => createDataExtension(mce, { customerKey: "k", name: "n", folderId: 1, fields });
const find = (mce: Mce) => findDataExtensions(mce, { customerKey: "k" });
const remove = (mce: Mce) => deleteDataExtension(mce, { customerKey: "k" });
const start = (mce: Mce) => performQuery(mce, { objectId: "o" });
const running = (mce: Mce) => isQueryRunning(mce, { objectId: "o" });

const refusedResult = (text: string, code: string) =>
  `<StatusCode>Error</StatusCode><StatusMessage>${text}</StatusMessage><ErrorCode>${code}</ErrorCode>`;
const performRefused = (text: string, code: string) =>
  `<PerformResponseMsg><Results><Result>${refusedResult(text, code)}</Result></Results><OverallStatus>Error</OverallStatus></PerformResponseMsg>`;
const detail = (code: string, message: string) =>
  `<detail><apifault xmlns="urn:fault.partner.exacttarget.com"><Code>${code}</Code><Message>${message}</Message></apifault></detail>`;
const faulted = (role: string, text: string, more = ""): Reply => ({
  status: 500,
  body: soapAnswer(fault(`soap:${role}`, text, more)),
});
const fault12 = (role: string, text: string, code: string): Reply => ({
  status: 500,
  body: `<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault><env:Code><env:Value>env:${role}</env:Value></env:Code><env:Reason><env:Text>${text}</env:Text></env:Reason><env:Detail><apifault><Code>${code}</Code><Message>m</Message></apifault></env:Detail></env:Fault></env:Body></env:Envelope>`,
});

async function failureOf(reply: Reply | readonly Reply[], call: (mce: Mce) => Promise<Answer<unknown>>) {
  const replies = Array.isArray(reply) ? (reply as readonly Reply[]) : [reply as Reply];
  const answer = await call(openStandIn(replies).mce);
  return answer.ok ? undefined : answer.error;
}

describe("a permission that is missing", () => {
  it.each<[string, Reply | readonly Reply[], (mce: Mce) => Promise<Answer<unknown>>, string[]]>([
    ["a result", soap(created(refusedResult("API Permission Failed.", "2"), "Error")), make, ["data_extensions_write"]],
    ["a result's code", soap(created(refusedResult("No.", "11"), "Error")), make, ["data_extensions_write"]],
    [
      "other words",
      soap(deleted(refusedResult("Insufficient privileges", "1"), "Error")),
      remove,
      ["data_extensions_write"],
    ],
    ["a Perform", soap(performRefused("Error: API Permission Failed.", "2")), start, ["automations_execute"]],
    [
      "an OverallStatus without results",
      soap(`<CreateResponse><OverallStatus>Error: API Permission Failed.</OverallStatus></CreateResponse>`),
      make,
      ["data_extensions_write"],
    ],
    [
      "an OverallStatusMessage",
      soap(
        `<DeleteResponse><OverallStatus>Has Errors</OverallStatus><OverallStatusMessage>API Permission Failed.</OverallStatusMessage></DeleteResponse>`,
      ),
      remove,
      ["data_extensions_write"],
    ],
    [
      "an OverallStatus that begins with no Error",
      soap(retrieved("", "API Permission Failed")),
      find,
      ["data_extensions_read"],
    ],
    [
      "a fault in other words",
      faulted("Client", "User [7] does not have AsyncAPI authorization. Request was denied."),
      find,
      ["data_extensions_read"],
    ],
    ["a server fault's code", faulted("Server", "x", detail("11", "y")), start, ["automations_execute"]],
    [
      "a server fault's own message",
      faulted("Server", "Exception", detail("2", "API Permission Failed")),
      start,
      ["automations_execute"],
    ],
    ["a fault of SOAP 1.2", fault12("Receiver", "x", "11"), start, ["automations_execute"]],
    [
      "REST",
      { status: 403, body: `{"message":"Insufficient privileges to complete this action."}` },
      running,
      ["automations_read"],
    ],
    ["REST without a body", { status: 403, body: "" }, running, ["automations_read"]],
  ])("is recognized by %s, with what the call needs", async (_, reply, call, needs) => {
    expect(await failureOf(reply, call)).toMatchObject({ kind: "forbidden", needs: expect.arrayContaining(needs) });
  });

  it("is not inferred from a gateway's page", async () => {
    const page = { status: 403, body: "<!DOCTYPE html><html><body>Access Denied</body></html>" };
    expect(await failureOf(page, running)).toMatchObject({ kind: "unavailable", effect: "none" });
    expect(await failureOf(page, start)).toMatchObject({ kind: "unavailable", effect: "none" });
  });

  it("is shown with its place in Setup and its name in a token", () => {
    expect(scopesText(["automations_read", "automations_write"])).toBe(
      "Automations Read and Write (automations_read, automations_write)",
    );
    expect(scopesText(["data_extensions_read", "automations_read", "list_and_subscribers_read"])).toBe(
      "Data Extensions Read, Automations Read, List and Subscribers Read (data_extensions_read, automations_read, list_and_subscribers_read)",
    );
  });
});

describe("a refusal that did nothing", () => {
  it.each<[string, Reply | readonly Reply[], (mce: Mce) => Promise<Answer<unknown>>]>([
    ["code 1 of a fault", faulted("Client", "Database trouble", detail("1", "m")), make],
    ["code 9", faulted("Server", "x", detail("9", "m")), start],
    ["code 10", faulted("Server", "x", detail("10", "m")), start],
    ["code 13", faulted("Server", "x", detail("13", "m")), start],
    ["its words in a fault", faulted("Client", "Later, please. REQUEST WAS NOT PROCESSED"), start],
    ["its words in the fault's message", faulted("Server", "x", detail("2", "Request was not processed.")), start],
    ["its words in a result", soap(created(refusedResult("Request was not processed.", "13"), "Error")), make],
    ["code 9 of a result", soap(performRefused("In maintenance", "9")), start],
    ["code 13 of a result, which is about no name", soap(performRefused("Database synchronization", "13")), start],
    ["an OverallStatus", soap(retrieved("", "Error: Request was not processed.")), find],
  ])("is told by %s", async (_, reply, call) => {
    expect(await failureOf(reply, call)).toMatchObject({ kind: "unavailable", retry: "later", effect: "none" });
  });

  it.each(["1", "13"])("is not code %s of an object whose name is in use", async (code) => {
    const reply = soap(created(refusedResult("The name already exists", code), "Error"));
    expect(await failureOf(reply, make)).toMatchObject({ kind: "rejected", code });
  });

  it("is not any other fault, whose effect is unknown", async () => {
    expect(await failureOf(faulted("Server", "x", detail("2", "m")), start)).toMatchObject({ effect: "unknown" });
  });
});

describe("too many calls", () => {
  const overQps = { "x-mashery-error-code": "ERR_403_DEVELOPER_OVER_QPS" };
  it.each<[string, Reply, number]>([
    ["the old gateway's header", { status: 403, headers: overQps, body: "<h1>Developer Over Qps</h1>" }, 5000],
    ["that and a wait", { status: 403, headers: { ...overQps, "retry-after": "2" }, body: "" }, 2000],
    [
      "its header for a quota",
      { status: 403, headers: { "x-mashery-error-code": "ERR_403_DEVELOPER_OVER_RATE" }, body: "" },
      5000,
    ],
    ["a wait in the body, as text", { status: 429, body: `{"retryAfter":"12"}` }, 12_000],
    ["a wait beside an odd member", { status: 429, body: `{"message":{"x":1},"errorcode":null,"retryAfter":9}` }, 9000],
    ["a block", { status: 429, body: `{"errorcode":50200}` }, 60_000],
    ["a block as text, with too short a wait", { status: 429, body: `{"errorcode":"50200","retryAfter":5}` }, 60_000],
    [
      "a block with a longer wait",
      { status: 403, headers: { "retry-after": "90" }, body: `{"errorcode":50200}` },
      90_000,
    ],
    ["a wait nobody can read", { status: 429, body: `{"retryAfter":"soon"}` }, 5000],
  ])("are recognized by %s", async (_, reply, waitMs) => {
    expect(await failureOf(reply, running)).toMatchObject({ kind: "throttled", waitMs });
    expect(await failureOf(reply, start)).toMatchObject({
      kind: "throttled",
      waitMs,
    });
    const fetch = async () => new Response(reply.body, { status: reply.status ?? 200, headers: reply.headers ?? {} });
    expect(await mintToken(access, mceDeps({ fetch }))).toMatchObject({ error: { kind: "throttled", waitMs } });
  });

  it("are recognized by SOAP's words and by a header beside them", async () => {
    expect(await failureOf(soap(retrieved("", "Error: Rate Limited")), find)).toMatchObject({ kind: "throttled" });
    const limited = { ...faulted("Server", "Rate Limited"), headers: { "retry-after": "7" } };
    expect(await failureOf(limited, start)).toMatchObject({ kind: "throttled", waitMs: 7000 });
  });

  it("are not recognized by another header of that gateway", async () => {
    const reply = { status: 403, headers: { "x-mashery-error-code": "ERR_403_DEVELOPER_INACTIVE" }, body: "" };
    expect(await failureOf(reply, running)).toMatchObject({ kind: "forbidden" });
  });
});

describe("the token endpoint", () => {
  it.each<[string, number, string, "unavailable" | "unauthorized", string]>([
    ["an empty object", 400, "{}", "unavailable", "the token endpoint answered 400"],
    ["REST's envelope", 403, `{"message":"Forbidden","errorcode":1}`, "unavailable", "403: Forbidden"],
    [
      "an envelope with an odd member",
      401,
      `{"message":"Unauthorized","errorcode":[]}`,
      "unavailable",
      "401: Unauthorized",
    ],
    ["an edge's page", 403, "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD></HTML>", "unavailable", "answered 403"],
    ["a page with 401", 401, "<!doctype html><html></html>", "unavailable", "answered 401"],
    ["an address that is not there", 404, "", "unavailable", "answered 404"],
    ["500 without a body", 500, "", "unavailable", "MCE answered 500"],
    ["a bare 401", 401, "", "unauthorized", "HTTP 401"],
    ["OAuth's error", 400, `{"error":"invalid_grant"}`, "unauthorized", "HTTP 400): invalid_grant"],
    [
      "OAuth's error with an odd description",
      401,
      `{"error":"invalid_client","error_description":1}`,
      "unauthorized",
      "invalid_client",
    ],
    [
      "a business unit that is closed",
      400,
      `{"message":"The MID is not accessible for this account"}`,
      "unauthorized",
      "not accessible",
    ],
  ])("that answers %s (%i)", async (_, status, body, kind, words) => {
    const fetch = async () => new Response(body, { status });
    expect(await mintToken(access, mceDeps({ fetch }))).toMatchObject({
      error: { kind, message: expect.stringContaining(words) },
    });
  });
});

describe("an odd member of an answer", () => {
  it.each<[unknown, string]>([
    [{ message: "a", errorcode: "30003" }, "30003: a"],
    [{ errorcode: 5, errors: [{ message: "b" }, "c"] }, "5: b\nc"],
    [{ message: "", validationErrors: [{ message: "d", code: 1 }] }, "HTTP 400: d"],
    [{ message: null, errors: "e" }, "HTTP 400: e"],
    [{ message: 7, retryAfter: {} }, "HTTP 400: 7"],
    [{ errors: [null, {}] }, "HTTP 400: {}"],
    ["words", "HTTP 400: MCE gives no reason"],
    [[], "HTTP 400: MCE gives no reason"],
  ])("spoils no refusal: %j", async (body, said) => {
    const failure = await failureOf({ status: 400, body: JSON.stringify(body) }, running);
    expect(failure?.kind === "rejected" && `${failure.code}: ${failure.message}`).toBe(said);
  });

  it.each<[unknown, { valid: boolean; errors: string[]; warnings: string[] }]>([
    [
      { queryValid: false, errors: [{ message: "a" }, { code: 7 }] },
      { valid: false, errors: ["a", `{"code":7}`], warnings: [] },
    ],
    [
      { queryValid: false, errors: { message: "a" }, warnings: 5 },
      { valid: false, errors: ["a"], warnings: ["5"] },
    ],
    [
      { queryValid: false, errors: [], errorMessage: { message: "b" } },
      { valid: false, errors: ["b"], warnings: [] },
    ],
    [
      { queryValid: true, errors: [null, ""], errorMessage: "x" },
      { valid: true, errors: [], warnings: [] },
    ],
  ])("spoils no check: %j", async (body, value) => {
    const { mce } = openStandIn([{ body: JSON.stringify(body) }]);
    expect(await validateQuery(mce, { sql: "x" })).toEqual({ ok: true, value });
  });
});

describe("createQueryByRest()", () => {
  const draft = {
    customerKey: "k",
    name: "n",
    folderId: 7,
    sql: "SELECT 1 AS a",
    target: { customerKey: "t", name: "T" },
    updateType: "Append",
  } as const;

  it("sends the flat form", async () => {
    const { mce, sent } = openStandIn([{ status: 201, body: `{"queryDefinitionId":"g"}` }]);
    expect(await createQueryByRest(mce, draft)).toEqual({ ok: true, value: { objectId: "g" } });
    expect(sent[1]).toMatchObject({ method: "POST", url: expect.stringMatching(/\/automation\/v1\/queries$/) });
    expect(JSON.parse(sent[1]?.body ?? "")).toEqual({
      name: "n",
      key: "k",
      description: "",
      queryText: "SELECT 1 AS a",
      targetName: "T",
      targetKey: "t",
      targetUpdateTypeId: 2,
      targetUpdateTypeName: "Append",
      categoryId: 7,
    });
  });

  it.each<[string, Reply]>([
    ["500", { status: 500, body: "" }],
    ["no JSON", { body: "<html>" }],
    ["no id", { body: `{"queryDefinitionId":""}` }],
  ])("cannot tell what it created when the answer is %s", async (_, reply) => {
    const answer = await createQueryByRest(openStandIn([reply]).mce, draft);
    expect(answer).toMatchObject({ error: { kind: "unavailable", effect: "unknown" } });
  });
});

test.each<[string, boolean]>([
  ["Exception occurred during [CreateQueryDefinition] ErrorID: 100000001", true],
  ["Exception occurred during [CreateQueryDefinition] ErrorID = 1", true],
  ["Error: Exception occurred during [QueryDefinition::Create] ErrorID: 1a2b-3.", true],
  ["", true],
  [" \n", true],
  ["MCE gives no reason", true],
  ["Exception occurred during [CreateQueryDefinition] ErrorID: 1. Invalid column name 'x'.", false],
  ["Error saving the Query field. Invalid column name 'Exception'.", false],
])("isMute() of %j is %j", (message, expected) => {
  expect(isMute(message)).toBe(expected);
});
