import { expect } from "vitest";
import { type Case, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, perform, retrieve, where, write } from "../support/wire-messages.ts";

const roots = retrieve("DataFolder", ["ID"], where("ContentType", "equals", "queryactivity"));
const made = (name: string) => write("Create", "DataExtension", aDataExtension(name, aField("A")));

/** MCE 2: SOAP transport, but for Retrieve. */
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
  {
    facts: "2.4",
    what: "a refused Create: Error, NewID 0, no NewObjectID",
    ask: async (wire) => soap(wire, made("")),
    gives: { http: 200, overall: "Error", results: [{ StatusCode: "Error", OrdinalID: "0", NewID: "0" }] },
  },
  {
    facts: "2.4",
    what: "a batch that partly fails is Has Errors, results in the objects' order",
    ask: (wire) => {
      const objects = [aDataExtension("Fine", aField("A")), aDataExtension("", aField("A"))];
      const body = write("Create", "DataExtension", objects.join(`</Objects><Objects xsi:type="DataExtension">`));
      return soap(wire, body);
    },
    gives: {
      overall: "Has Errors",
      results: [
        { StatusCode: "OK", OrdinalID: "0" },
        { StatusCode: "Error", OrdinalID: "1" },
      ],
    },
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
