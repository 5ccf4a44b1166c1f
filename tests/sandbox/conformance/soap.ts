import { expect } from "vitest";
import { type Case, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, perform, retrieve, where, write } from "../support/wire-messages.ts";
import type { Wire } from "../support/wire.ts";

const roots = retrieve("DataFolder", ["ID"], where("ContentType", "equals", "queryactivity"));
const made = (name: string) => write("Create", "DataExtension", aDataExtension(name, aField("A")));
const inUnits = (body: string, ...mids: number[]) =>
  body.replace("<ObjectType>", `${mids.map((mid) => `<ClientIDs><ID>${mid}</ID></ClientIDs>`).join("")}<ObjectType>`);
const refusedRetrieve = (message: string) => ({ http: 200, overall: message, results: [] });

/** A Retrieve whose answer is only its OverallStatus. */
const says = (what: string, body: string, message: string): Case => ({
  facts: "2.3",
  what,
  ask: (wire) => soap(wire, body),
  gives: refusedRetrieve(message),
});

async function batches(wire: Wire, size: number): Promise<{ counts: number[]; statuses: unknown[]; ids: number }> {
  const seen = { counts: [] as number[], statuses: [] as unknown[] };
  const ids = new Set<string>();
  let more = `<Options><BatchSize>${size}</BatchSize></Options>`;
  for (let turn = 0; turn < 20; turn++) {
    const answer = await wire.soap(
      retrieve("DataExtensionField", ["Name"], where("DataExtension.CustomerKey", "equals", "Orders"), more),
    );
    const response = answer.body["RetrieveResponseMsg"] as {
      RequestID: string;
      OverallStatus: string;
      Results: unknown;
    };
    ids.add(response.RequestID);
    seen.counts.push(Array.isArray(response.Results) ? response.Results.length : 1);
    seen.statuses.push(response.OverallStatus);
    if (response.OverallStatus !== "MoreDataAvailable") break;
    more = `<ContinueRequest>${response.RequestID}</ContinueRequest><Options><BatchSize>${size}</BatchSize></Options>`;
  }
  return { ...seen, ids: ids.size };
}

/** FACTS 2: SOAP transport. */
export const soapCases: Case[] = [
  {
    facts: "2.1",
    what: "SOAPAction in quotes, bare, or not at all",
    ask: async (wire) => {
      const answers = [undefined, "Retrieve", '"Retrieve"'].map((action) =>
        soap(wire, roots, action === undefined ? {} : { action }),
      );
      return (await Promise.all(answers)).map((it) => it.http);
    },
    gives: [200, 200, 200],
  },
  {
    facts: "2.1",
    what: "xsi:type with a prefix",
    ask: (wire) => soap(wire, made("P").replace(`xsi:type="DataExtension"`, `xsi:type="tns:DataExtension"`)),
    gives: { overall: "OK" },
  },
  {
    facts: "2.1",
    what: "no Options",
    ask: (wire) => soap(wire, made("P").replace("<Options/>", "")),
    gives: { overall: "OK" },
  },
  {
    facts: "2.1",
    what: "no security header",
    ask: async (wire) => {
      const message = wire.envelope(roots, "").replace(/<s:Header>.*<\/s:Header>/, "");
      const answer = await wire.call("POST", "/Service.asmx", message);
      return [answer.status, /security header is not present/i.test(answer.text)];
    },
    gives: [500, true],
  },
  {
    facts: "2.1",
    what: "SOAP 1.2 is answered in SOAP 1.2",
    ask: async (wire) => {
      const answer = await wire.soap(roots, { version: "1.2" });
      return [answer.status, answer.headers.get("content-type"), answer.text.includes("2003/05/soap-envelope")];
    },
    gives: [200, "application/soap+xml; charset=utf-8", true],
  },
  {
    facts: "2.2",
    what: "Action is the method's response; the time stamp lives five minutes, in UTC",
    ask: async (wire) => (await wire.soap(perform("<ObjectID>x</ObjectID>"))).header,
    gives: {
      Action: "PerformResponse",
      Security: { Timestamp: { Created: "2026-01-15T18:00:00Z", Expires: "2026-01-15T18:05:00Z" } },
    },
  },
  {
    facts: "2.2",
    what: "dates are the server's, without offset",
    ask: async (wire) =>
      (await soap(wire, retrieve("DataFolder", ["CreatedDate"], where("ID", "equals", "4711")))).results[0],
    gives: { CreatedDate: "2026-01-15T12:00:00.000" },
  },
  {
    facts: "2.2",
    what: "Create answers Results first, Retrieve answers them last",
    ask: async (wire) => {
      const order = (text: string) =>
        [...text.matchAll(/<(Results|OverallStatus|RequestID)\b/g)].map(([, name]) => name);
      return [order((await wire.soap(made("O"))).text), order((await wire.soap(roots)).text)];
    },
    gives: [
      ["Results", "RequestID", "OverallStatus"],
      ["OverallStatus", "RequestID", "Results"],
    ],
  },
  says(
    "unknown object type",
    retrieve("Nothing", ["ID"]),
    "Error: Unable to find a handler for object type: Nothing. Object types are case-sensitive, check spelling.",
  ),
  says(
    "object types are case-sensitive",
    retrieve("dataextension", ["Name"]),
    "Error: Unable to find a handler for object type: dataextension. Object types are case-sensitive, check spelling.",
  ),
  says(
    "two wrong properties are both named",
    retrieve("DataExtension", ["RowCount", "Name", "Fields"]),
    "Error: The Request Property(s) RowCount, Fields do not match with the fields of DataExtension retrieve",
  ),
  says("no properties", retrieve("DataExtension", []), "Error: Object reference not set to an instance of an object."),
  says("nothing found: OK and no Results", retrieve("DataFolder", ["ID"], where("ID", "equals", "1")), "OK"),
  says(
    "a filter on a property nobody can filter by",
    retrieve("DataFolder", ["ID"], where("Description", "equals", "x")),
    "Error: Object reference not set to an instance of an object.",
  ),
  says(
    "equals without a value",
    retrieve("DataFolder", ["ID"], where("Name", "equals", [])),
    "Error: Invalid argument for the equals operator. Filter array cannot be null.",
  ),
  says(
    "a complex filter with one operand",
    retrieve(
      "DataFolder",
      ["ID"],
      `<Filter xsi:type="ComplexFilterPart">${where("ID", "equals", "1", "LeftOperand")}<LogicalOperator>AND</LogicalOperator></Filter>`,
    ),
    "Error: Incorrect syntax near the keyword 'AND'.",
  ),
  says(
    "LIKE on rows",
    retrieve("DataExtensionObject[Products]", ["ProductID"], where("ProductName", "like", "Music%")),
    "Error: Object reference not set to an instance of an object.",
  ),
  says("Properties * on rows: OK, none", retrieve("DataExtensionObject[Products]", ["*"]), "OK"),
  {
    facts: "2.3",
    what: "batches of 5: MoreDataAvailable until the last, a new RequestID each",
    ask: (wire) => batches(wire, 5),
    gives: { counts: [5, 5, 3], statuses: ["MoreDataAvailable", "MoreDataAvailable", "OK"], ids: 3 },
  },
  {
    facts: "2.3",
    what: "BatchSize can lower the 2500, not raise them",
    ask: async (wire) => {
      const body = retrieve(
        "DataExtensionObject[Orders]",
        ["OrderID"],
        "",
        "<Options><BatchSize>9999</BatchSize></Options>",
      );
      const { overall, results } = await soap(wire, body);
      return [overall, results.length];
    },
    gives: ["MoreDataAvailable", 2500],
  },
  {
    facts: "2.3",
    what: "AdditionalOperands count",
    ask: async (wire) => {
      const operand = where("ID", "equals", "4713", "Operand");
      const filter =
        `<Filter xsi:type="ComplexFilterPart">${where("ID", "equals", "4711", "LeftOperand")}<LogicalOperator>OR</LogicalOperator>` +
        `${where("ID", "equals", "4712", "RightOperand")}<AdditionalOperands>${operand}</AdditionalOperands></Filter>`;
      return (await soap(wire, retrieve("DataFolder", ["ID"], filter))).results.length;
    },
    gives: 3,
  },
  ...(
    [
      ["existsInString", "Exten", 3],
      ["existsInStringAsAWord", "data", 3],
      ["notExistsInString", "Exten", 2],
      ["contains", "uer", 1],
      ["notContains", "uer", 4],
      ["endsWith", "Extensions", 3],
      ["lessThan", "B", 1],
      ["isNull", "", 0],
    ] as const
  ).map(([operator, value, count]): Case => ({
    facts: "2.3",
    what: `operator ${operator}`,
    ask: async (wire) =>
      (await soap(wire, retrieve("DataFolder", ["Name"], where("Name", operator, value)))).results.length,
    gives: count,
  })),
  {
    facts: "2.3",
    what: "ClientIDs of several business units",
    ask: async (wire) => {
      const body = retrieve("DataFolder", ["Client.ID"], where("ContentType", "equals", "queryactivity"));
      return (await soap(wire, inUnits(body, 7000011, 7000012))).results.map((it) => it["Client"]);
    },
    gives: [{ ID: "7000011" }, { ID: "7000012" }],
  },
  {
    facts: "2.3",
    what: "ClientIDs/ClientID, the deprecated twin",
    ask: async (wire) => {
      const body = inUnits(retrieve("DataFolder", ["Client.ID"], where("Name", "equals", "Query")), 7000011);
      return (await soap(wire, body.replace("<ID>7000011</ID>", "<ClientID>7000011</ClientID>"))).results[0];
    },
    gives: { Client: { ID: "7000011" } },
  },
  {
    facts: "2.4",
    what: "a refused Create: Error, NewID 0, no NewObjectID",
    ask: async (wire) => soap(wire, made("")),
    gives: { http: 200, overall: "Error", results: [{ StatusCode: "Error", OrdinalID: "0", NewID: "0" }] },
  },
  {
    facts: "2.5",
    what: "an unknown token is Login Failed, faultactor the endpoint",
    ask: async (wire) => (await wire.soap(roots, { token: "garbage" })).body,
    gives: {
      Fault: {
        faultcode: "q0:Security",
        faultstring: "Login Failed",
        faultactor: expect.stringMatching(/\/Service\.asmx$/),
      },
    },
  },
  {
    facts: "2.5",
    what: "a type no Create knows is code 5",
    ask: (wire) => soap(wire, write("Create", "Subscriber", "<EmailAddress>a@b.c</EmailAddress>")),
    gives: {
      overall: "Error",
      results: [{ ErrorCode: "5", StatusMessage: "Cannot perform Create on objects of type Subscriber" }],
    },
  },
  {
    facts: "2.5",
    what: "no object is code 6 in a server fault with detail",
    ask: (wire) =>
      soap(wire, `<CreateRequest xmlns="http://exacttarget.com/wsdl/partnerAPI"><Options/></CreateRequest>`),
    gives: { http: 500, fault: { faultcode: "soap:Server", detail: { apifault: { Code: "6" } } } },
  },
  {
    facts: "2.5",
    what: "something malformed is 400, plain text",
    ask: async (wire) => {
      const answer = await wire.call("POST", "/Service.asmx", "<a>");
      return [answer.status, answer.text, answer.headers.get("content-type")];
    },
    gives: [400, "Bad Request", "text/plain; charset=utf-8"],
  },
  {
    facts: "10",
    what: "24: Describe answers an empty DefinitionResponseMsg",
    ask: async (wire) => {
      const request = `<DefinitionRequestMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><DescribeRequests><ObjectDefinitionRequest><ObjectType>DataExtension</ObjectType></ObjectDefinitionRequest></DescribeRequests></DefinitionRequestMsg>`;
      const answer = await wire.soap(request, { action: "Describe" });
      return { action: answer.header["Action"], body: answer.body };
    },
    gives: { action: "DescribeResponse", body: { DefinitionResponseMsg: { RequestID: expect.any(String) } } },
  },
];
