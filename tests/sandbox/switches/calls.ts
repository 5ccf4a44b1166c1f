import { expect } from "vitest";
import { rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, aQuery, retrieve, where, write } from "../support/wire-messages.ts";
import { after, make, rowset, sql, three, type Switch } from "../support/wire-switches.ts";
import type { Json, Wire } from "../support/wire.ts";

const app = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
const token = (wire: Wire, more: Json = {}) =>
  wire.call("POST", "/v2/token", { grant_type: "client_credentials", ...app, ...more });
const validate = (wire: Wire, Text: string) => rest(wire, "POST", "/automation/v1/queries/actions/validate/", { Text });

/** Switches of single calls: tokens, SOAP, assets and REST. */
export const callSwitches = {
  cteAccepted: {
    set: { cteAccepted: true },
    ask: (wire) => sql(wire, "WITH a AS (SELECT 1 AS N) SELECT N FROM a"),
    off: undefined,
    on: [["1"]],
  },
  nameBlockedMs: {
    set: { nameBlockedMs: 0 },
    ask: async (wire) => {
      await make(wire, "DataExtension", aDataExtension("Gone", aField("A")));
      await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Gone</CustomerKey>"));
      return (await make(wire, "DataExtension", aDataExtension("Gone", aField("A"))))["StatusCode"];
    },
    off: "Error",
    on: "OK",
  },
  tokenLifeMs: {
    set: { tokenLifeMs: 60_000 },
    ask: async (wire) => {
      const { json } = await token(wire);
      const look = () =>
        wire.call("GET", "/v2/userinfo", undefined, { authorization: `Bearer ${String(json["access_token"])}` });
      return [json["expires_in"], await after(wire, 60_000, async () => (await look()).status)];
    },
    off: [1079, 200],
    on: [60, 401],
  },
  tokenDelayMs: {
    set: { tokenDelayMs: 5000 },
    ask: async (wire) => {
      const seen = { isAnswered: false };
      const asked = token(wire).then(() => (seen.isAnswered = true));
      // Calls that were sent later and answered show that the first one waits.
      for (let turn = 0; turn < 20; turn++) await wire.call("GET", "/sandbox/clock");
      const early = seen.isAnswered;
      await wire.advance(5000);
      await asked;
      return early;
    },
    off: true,
    on: false,
  },
  invalidClient: {
    set: { invalidClient: true },
    ask: async (wire) => {
      const { status: http, json } = await token(wire);
      return [http, json["error"]];
    },
    off: [200, undefined],
    on: [401, "invalid_client"],
  },
  tokenMid: {
    set: { tokenMid: 7000012 },
    ask: async (wire) => {
      const authorization = `Bearer ${String((await token(wire)).json["access_token"])}`;
      const { json } = await wire.call("GET", "/platform/v1/tokenContext", undefined, { authorization });
      return (json["organization"] as Json)["id"];
    },
    off: 7000001,
    on: 7000012,
  },
  userInfoShape: {
    set: { userInfoShape: "flat" },
    ask: async (wire) => {
      const { body } = await rest(wire, "GET", "/v2/userinfo");
      return [(body as Json)["member_id"], "organization" in (body as Json)];
    },
    off: [undefined, true],
    on: [7000001, false],
  },
  soapFaultStatus: {
    set: { soapFaultStatus: 200 },
    ask: async (wire) => {
      const answer = await wire.soap(retrieve("DataFolder", ["ID"]), { token: "no" });
      return [answer.status, "Fault" in answer.body];
    },
    off: [500, true],
    on: [200, true],
  },
  strictParser: {
    set: { strictParser: true },
    ask: async (wire) =>
      (await soap(wire, write("Create", "DataExtension", aDataExtension("S", aField("A"))).replace("<Options/>", "")))
        .http,
    off: 200,
    on: 500,
  },
  batchSize: {
    set: { batchSize: 2 },
    ask: async (wire) => {
      const { overall, results } = await soap(wire, retrieve("DataFolder", ["ID"]));
      return [overall, results.length];
    },
    off: ["OK", 5],
    on: ["MoreDataAvailable", 2],
  },
  staleContinue: {
    set: { staleContinue: true },
    ask: async (wire) => {
      const more = "<Options><BatchSize>2</BatchSize></Options>";
      const first = await wire.soap(retrieve("DataFolder", ["ID"], "", more));
      const id = String((first.body["RetrieveResponseMsg"] as Json)["RequestID"]);
      const next = retrieve("DataFolder", [], "", `<ContinueRequest>${id}</ContinueRequest>`);
      return (await soap(wire, next)).overall;
    },
    off: "OK",
    on: "Error: The RequestID sent through ContinueRequest does not exist.",
  },
  localizedRoots: {
    set: { localizedRoots: true },
    ask: async (wire) => (await soap(wire, retrieve("DataFolder", ["Name"], where("ID", "equals", "4711")))).results,
    off: [expect.objectContaining({ Name: "Data Extensions" })],
    on: [expect.objectContaining({ Name: "Datenerweiterungen" })],
  },
  asciiNamesOnly: {
    set: { asciiNamesOnly: true },
    ask: async (wire) => {
      await make(wire, "DataExtension", aDataExtension("T", aField("EmailAddress")));
      const named = (message: string, name: string) => message.replace(/<Name>\w+</, `<Name>${name}<`);
      return [
        (await make(wire, "DataExtension", named(aDataExtension("A", aField("A")), "Zoë")))["StatusMessage"],
        (await make(wire, "QueryDefinition", named(aQuery("Q", "T", three), "Größe")))["StatusMessage"],
      ];
    },
    off: ["Data Extension created.", "QueryDefinition created"],
    on: ["The data extension name Zoë is invalid.", "The query name Größe is invalid."],
  },
  retentionRefused: {
    set: { retentionRefused: true },
    ask: async (wire) => {
      const period =
        "<DataRetentionPeriodLength>2</DataRetentionPeriodLength><DataRetentionPeriod>Days</DataRetentionPeriod>";
      const kept = await make(wire, "DataExtension", aDataExtension("Kept", aField("A"), period));
      return [
        kept["StatusCode"],
        (await make(wire, "DataExtension", aDataExtension("Plain", aField("A"))))["StatusCode"],
      ];
    },
    off: ["OK", "OK"],
    on: ["Error", "OK"],
  },
  deleteAtEndDeletes: {
    set: { deleteAtEndDeletes: true },
    ask: async (wire) => {
      const period =
        "<DataRetentionPeriodLength>1</DataRetentionPeriodLength><DeleteAtEndOfRetentionPeriod>true</DeleteAtEndOfRetentionPeriod><DataRetentionPeriod>Days</DataRetentionPeriod>";
      await make(wire, "DataExtension", aDataExtension("Ending", aField("A"), period));
      return after(wire, 12 * 3_600_000, async () => (await rowset(wire, "Ending")).http);
    },
    off: 200,
    on: 404,
  },
  duplicateQueryName: {
    set: { duplicateQueryName: "allow" },
    ask: async (wire) => {
      await make(wire, "DataExtension", aDataExtension("T", aField("EmailAddress")));
      await make(wire, "QueryDefinition", aQuery("Twin", "T", three));
      const twin = aQuery("Twin", "T", three).replace("<CustomerKey>Twin<", "<CustomerKey>other<");
      return (await make(wire, "QueryDefinition", twin))["StatusCode"];
    },
    off: "Error",
    on: "OK",
  },
  numberingRefused: {
    set: { numberingRefused: true },
    ask: async (wire) => {
      await make(wire, "DataExtension", aDataExtension("T", aField("N")));
      const text = "SELECT ROW_NUMBER() OVER (ORDER BY CustomerKey) AS N FROM Customers WHERE 1 = 1";
      return [
        (await make(wire, "QueryDefinition", aQuery("Q", "T", text)))["StatusMessage"],
        (await validate(wire, text)).body,
      ];
    },
    off: ["QueryDefinition created", expect.objectContaining({ queryValid: true })],
    on: [
      "Error saving the Query field. An error occurred while checking the query syntax. Errors: Incorrect syntax near 'ROW_NUMBER'.",
      expect.objectContaining({ queryValid: true }),
    ],
  },
  isRunningKeyStatus: {
    set: { isRunningKeyStatus: 404 },
    ask: async (wire) => (await rest(wire, "GET", "/automation/v1/queries/some-key/actions/isrunning/")).http,
    off: 400,
    on: 404,
  },
  validateDown: {
    set: { validateDown: true },
    ask: async (wire) => (await validate(wire, "SELECT 1 AS A")).http,
    off: 200,
    on: 500,
  },
  validateOrderBy: {
    set: { validateOrderBy: true },
    ask: async (wire) => {
      const text = "SELECT EmailAddress FROM Customers ORDER BY EmailAddress";
      const { body } = await validate(wire, text);
      await make(wire, "DataExtension", aDataExtension("T", aField("EmailAddress")));
      return [
        (body as Json)["queryValid"],
        (await make(wire, "QueryDefinition", aQuery("Q", "T", text)))["StatusCode"],
      ];
    },
    off: [false, "Error"],
    on: [true, "Error"],
  },
  rowsetFilter: {
    set: { rowsetFilter: false },
    ask: async (wire) => ((await rowset(wire, "order.v2", "?$filter=Select eq 3")).body as Json)["count"],
    off: 1,
    on: 12,
  },
  keylessKeys: {
    set: { keylessKeys: "missing" },
    ask: async (wire) => {
      await make(wire, "DataExtension", aDataExtension("Keyless", aField("A")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Keyless/rowset", [{ values: { A: "1" } }]);
      return ((await rowset(wire, "Keyless")).body as Json)["items"];
    },
    off: [{ keys: {}, values: { a: "1" } }],
    on: [{ values: { a: "1" } }],
  },
  rowsetTokenLifeMs: {
    set: { rowsetTokenLifeMs: 1000 },
    ask: async (wire) => {
      const id = String(((await rowset(wire, "Products")).body as Json)["requestToken"]);
      return after(
        wire,
        1000,
        async () => (await rest(wire, "GET", `/data/v1/customobjectdata/token/${id}/rowset`)).http,
      );
    },
    off: 200,
    on: 400,
  },
  soapRowKey: {
    set: { soapRowKey: "refuse" },
    ask: async (wire) => {
      const asked = retrieve(
        "DataExtensionObject[order.v2]",
        ["Select", "_customobjectkey"],
        where("Select", "equals", "1"),
      );
      const { overall, results } = await soap(wire, asked);
      return results[0]?.["Properties"] ?? overall;
    },
    off: {
      Property: [
        { Name: "Select", Value: "1" },
        { Name: "_CustomObjectKey", Value: "1" },
      ],
    },
    on: "Error: The Request Property(s) _customobjectkey do not match with the fields of DataExtensionObject[order.v2] retrieve",
  },
  rowsetOrderBy: {
    set: { rowsetOrderBy: "refuse" },
    ask: async (wire) => (await rowset(wire, "order.v2", "?$orderBy=Select desc")).http,
    off: 200,
    on: 400,
  },
} satisfies Record<string, Switch>;
