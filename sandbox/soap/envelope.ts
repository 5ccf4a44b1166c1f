import { randomUUID } from "node:crypto";
import type { Reply } from "../http.ts";
import { child, readXml, type XmlElement } from "./xml.ts";
import { element, text } from "./xml-write.ts";

export type SoapVersion = "1.1" | "1.2";

/** A SOAP envelope with something in its body. */
export type Envelope = { version: SoapVersion; token: string; body: XmlElement };

const namespaces: Record<SoapVersion, string> = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
};
const addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
const security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const partnerApi = "http://exacttarget.com/wsdl/partnerAPI";

/** Reads an envelope of either version; the token's element counts by its local name (MCE 2.1). Undefined when it is not an envelope. */
export function readEnvelope(source: string): Envelope | undefined {
  const root = readXml(source);
  if (root?.name !== "Envelope") return undefined;
  const version = root.namespace === namespaces["1.2"] ? "1.2" : "1.1";
  if (root.namespace !== namespaces[version]) return undefined;
  const body = child(root, "Body")?.children[0];
  if (body === undefined) return undefined;
  const token = child(child(root, "Header"), "fueloauth")?.text.trim() ?? "";
  return { version, token, body };
}

/** Wraps the body of an answer as the service does (MCE 2.2). `now` is what its security time stamp shows. */
export function answer(version: SoapVersion, action: string, body: string, now: number, status = 200): Reply {
  const moment = (epochMs: number) => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
  const header = [
    text("wsa:Action", action),
    text("wsa:MessageID", `urn:uuid:${randomUUID()}`),
    text("wsa:RelatesTo", `urn:uuid:${randomUUID()}`),
    text("wsa:To", `${addressing}/role/anonymous`),
    `<wsse:Security><wsu:Timestamp wsu:Id="Timestamp-${randomUUID()}">`,
    `${text("wsu:Created", moment(now))}${text("wsu:Expires", moment(now + 300_000))}</wsu:Timestamp></wsse:Security>`,
  ].join("");
  // The live service writes the header of 1.2 answers with a prefix of its own.
  const head =
    version === "1.1"
      ? element("soap:Header", header)
      : `<env:Header xmlns:env="${namespaces["1.2"]}">${header}</env:Header>`;
  const xml =
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${namespaces[version]}"` +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"` +
    ` xmlns:wsa="${addressing}" xmlns:wsse="${security}" xmlns:wsu="${utility}">` +
    `${head}<soap:Body>${body}</soap:Body></soap:Envelope>`;
  const contentType = version === "1.1" ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8";
  return { status, headers: { "content-type": contentType }, body: xml };
}

/** The element of an answer, in the API's namespace. */
export function response(name: string, content: string): string {
  return `<${name} xmlns="${partnerApi}">${content}</${name}>`;
}

export type FaultKind = { code: "security" | "client" | "server"; message: string; serverCode?: number };

/** A fault as captured (MCE 2.5); only server faults carry a detail, which holds code and message and nothing else. */
export function faultAnswer(version: SoapVersion, url: string, fault: FaultKind, now: number, status: number): Reply {
  const detail =
    fault.code === "server"
      ? `<apifault xmlns="urn:fault.partner.exacttarget.com">${text("Code", fault.serverCode ?? 2)}${text("Message", fault.message)}</apifault>`
      : "";
  return answer(version, `${addressing}/fault`, faultBody(version, url, fault, detail), now, status);
}

function faultBody(version: SoapVersion, url: string, fault: FaultKind, detail: string): string {
  const bound = fault.code === "security" ? ` xmlns:q0="${security}"` : "";
  if (version === "1.1") {
    const code = { security: "q0:Security", client: "soap:Client", server: "soap:Server" }[fault.code];
    const end = detail === "" ? "" : element("detail", detail);
    return element(
      "soap:Fault",
      `<faultcode${bound}>${code}</faultcode>${text("faultstring", fault.message)}${text("faultactor", `${url}/Service.asmx`)}${end}`,
    );
  }
  const code = fault.code === "server" ? "soap:Receiver" : "soap:Sender";
  const subcode =
    fault.code === "security" ? `<soap:Subcode><soap:Value${bound}>q0:Security</soap:Value></soap:Subcode>` : "";
  return element(
    "soap:Fault",
    `<soap:Code><soap:Value>${code}</soap:Value>${subcode}</soap:Code>` +
      `<soap:Reason><soap:Text xml:lang="en">${text("x", fault.message).replace(/^<x>|<\/x>$/g, "")}</soap:Text></soap:Reason>` +
      (detail === "" ? "" : element("soap:Detail", detail)),
  );
}
