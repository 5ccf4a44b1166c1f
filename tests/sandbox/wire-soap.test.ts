import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import { aDataExtension, aField, overallOf, resultOf, retrieve, where, write } from "./support/wire-messages.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

const roots = retrieve("DataFolder", ["ID"], where("ContentType", "equals", "queryactivity"));

describe("envelopes, MCE 2.1 and 2.2", () => {
  test("2.1: any prefix, any order of children, no Options, no namespace on fueloauth", async () => {
    const token = await wire.token();
    const message =
      `<x:Envelope xmlns:x="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="http://exacttarget.com/wsdl/partnerAPI">` +
      `<x:Header><fueloauth>${token}</fueloauth></x:Header><x:Body><p:CreateRequest><p:Objects i:type="p:DataExtension">` +
      `<p:Fields><p:Field><p:FieldType>Text</p:FieldType><p:Name>A</p:Name></p:Field></p:Fields><p:Name>Any order</p:Name><p:CustomerKey>any-order</p:CustomerKey>` +
      `</p:Objects></p:CreateRequest></x:Body></x:Envelope>`;
    const answer = await wire.call("POST", "/Service.asmx", message, {
      "content-type": "text/xml",
      soapaction: '"Create"',
    });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("Data Extension created.") });
  });

  test("2.2: SOAP 1.1 answers text/xml with WS-Addressing headers", async () => {
    const answer = await wire.soap(roots, { action: "Retrieve" });
    expect(answer.headers.get("content-type")).toBe("text/xml; charset=utf-8");
    expect(answer.text).toContain(`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"`);
    expect(answer.header).toMatchObject({
      Action: "RetrieveResponse",
      MessageID: expect.stringMatching(/^urn:uuid:/),
      RelatesTo: expect.stringMatching(/^urn:uuid:/),
      To: "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous",
      Security: { Timestamp: { Created: "2026-01-15T18:00:00Z", Expires: "2026-01-15T18:05:00Z" } },
    });
  });

  test("2.1, 2.2: SOAP 1.2 answers application/soap+xml and a header with a prefix of its own", async () => {
    const answer = await wire.soap(roots, { version: "1.2" });
    expect(answer).toMatchObject({ status: 200, body: { RetrieveResponseMsg: { OverallStatus: "OK" } } });
    expect(answer.headers.get("content-type")).toBe("application/soap+xml; charset=utf-8");
    expect(answer.text).toContain("<env:Header");
  });

  test.each([
    ["no XML", "hello"],
    ["an open element", "<a><b></a>"],
    ["a DOCTYPE", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`],
    ["another root", "<a/>"],
    [
      "an undeclared entity",
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a>&nbsp;</a></s:Body></s:Envelope>`,
    ],
    ["an empty body", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>`],
  ])("2.5: %s is 400, plain Bad Request", async (_, body) => {
    expect(await wire.call("POST", "/Service.asmx", body)).toMatchObject({ status: 400, text: "Bad Request" });
  });

  test("2.5: an unknown SOAPAction is a client fault, HTTP 500", async () => {
    expect(await wire.soap(roots, { action: "Fetch" })).toMatchObject({
      status: 500,
      body: {
        Fault: {
          faultcode: "soap:Client",
          faultstring: "Server did not recognize the value of HTTP Header SOAPAction: Fetch.",
        },
      },
    });
  });
});

describe("Retrieve, MCE 2.3", () => {
  test("one result is one element; PartnerKey comes unasked, dotted properties are nested", async () => {
    const answer = await wire.soap(
      retrieve("DataFolder", ["ID", "ParentFolder.ID", "CustomerKey"], where("ContentType", "equals", "queryactivity")),
    );
    expect(resultOf(answer)).toEqual({
      "@type": "DataFolder",
      PartnerKey: { "@nil": "true" },
      ID: "4712",
      ObjectID: { "@nil": "true" },
      CustomerKey: "queryactivity_default",
      ParentFolder: { PartnerKey: { "@nil": "true" }, ID: "0", ObjectID: { "@nil": "true" } },
    });
  });

  test("batches: MoreDataAvailable, a new RequestID each time, each one continued once", async () => {
    for (const name of ["One", "Two", "Three"])
      await wire.soap(write("Create", "DataExtension", aDataExtension(`Batch ${name}`, aField("A"))));
    const filter = where("Name", "beginsWith", "Batch ");
    const more = "<Options><BatchSize>2</BatchSize></Options>";
    const first = await wire.soap(retrieve("DataExtension", ["Name"], filter, more));
    expect(overallOf(first)).toBe("MoreDataAvailable");
    expect(resultOf(first)).toHaveLength(2);
    // The element of a Retrieve answer.
    const requestId = String((first.body["RetrieveResponseMsg"] as Record<string, unknown>)["RequestID"]);
    const second = await wire.soap(
      retrieve("DataExtension", [], "", `<ContinueRequest>${requestId}</ContinueRequest>`),
    );
    expect([overallOf(second), resultOf(second)["Name"]]).toEqual(["OK", "Batch Three"]);
    const third = await wire.soap(retrieve("DataExtension", [], "", `<ContinueRequest>${requestId}</ContinueRequest>`));
    expect(overallOf(third)).toMatch(/^Error: The RequestID/);
  });
});

describe("strictParser, MCE 12.1", () => {
  const good = write("Create", "DataExtension", aDataExtension("Strict", aField("A")));
  test.each<[string, string, boolean]>([
    ["a valid request", good, true],
    ["no Options", good.replace("<Options/>", ""), false],
    ["another order", write("Create", "DataExtension", "<Name>A</Name><CustomerKey>A</CustomerKey>"), false],
    [
      "another order of a field's members",
      good.replace("<Name>A</Name><MaxLength>254</MaxLength>", "<MaxLength>254</MaxLength><Name>A</Name>"),
      false,
    ],
    ["an unknown member", good.replace("<Fields>", "<Feilds/><Fields>"), false],
    ["a valid Retrieve", roots, true],
    ["a filter out of order", roots.replace("</ObjectType>", "</ObjectType><Options/>"), false],
  ])("%s", async (_, body, isFine) => {
    await wire.call("POST", "/sandbox/behaviours", { strictParser: true });
    const answer = await wire.soap(body);
    await wire.call("POST", "/sandbox/behaviours", { strictParser: false });
    expect([answer.status, "Fault" in answer.body]).toEqual(isFine ? [200, false] : [500, true]);
  });
});
