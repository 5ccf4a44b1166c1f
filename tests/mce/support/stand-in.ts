import { openMce, type Mce } from "../../../src/mce/client.ts";
import type { MceDeps } from "#mce/session.ts";
import type { MceAccess } from "#mce/access.ts";
import { mceDeps } from "../../support/platform.ts";

/** One request as the client handed it to fetch. */
export type Sent = { url: string; method: string; headers: Headers; body: string; redirect: string | undefined };

export const subdomain = "mc0000000000000000000000test";
export const access: MceAccess = {
  connectionId: "c_1",
  mid: 7000011,
  eid: 7000001,
  subdomain,
  clientId: "client-1",
  clientSecret: "s3cret-of-client-1",
};

/** A token answer as captured (MCE 1.3). */
export function tokenBody(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    access_token: "token-1",
    token_type: "Bearer",
    expires_in: 1079,
    scope: "data_extensions_read data_extensions_write",
    soap_instance_url: `https://${subdomain}.soap.marketingcloudapis.com/`,
    rest_instance_url: `https://${subdomain}.rest.marketingcloudapis.com/`,
    ...overrides,
  };
}

/** A SOAP answer around a response element, prefixes and header as captured (MCE 2.2). */
export function soapAnswer(body: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"><soap:Header><wsa:Action>Response</wsa:Action><wsa:MessageID>urn:uuid:0f7d3f36-2f0e-4a53-8c39-3f1a6b0e1c11</wsa:MessageID></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;
}

/** A Retrieve's response element. */
export function retrieved(results: string, overall = "OK", requestId = "5a0c0e3c-0000-4000-8000-000000000001"): string {
  return `<RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>${overall}</OverallStatus><RequestID>${requestId}</RequestID>${results}</RetrieveResponseMsg>`;
}

/** The invented GUID of samples. */
export const guid = "0d1f9a52-9f0a-e911-80d2-1402ec7d3f11";

/** What a retrieved object without ids of its own begins with. */
export const nil = `<PartnerKey xsi:nil="true"/><ObjectID xsi:nil="true"/>`;

/** SOAP answers, one per call. */
export function soap(...bodies: readonly string[]): Reply[] {
  return bodies.map((body) => ({ body: soapAnswer(body) }));
}

/** A Create's response element. */
export function created(results: string, overall = "OK"): string {
  return `<CreateResponse xmlns="http://exacttarget.com/wsdl/partnerAPI"><Results>${results}</Results><RequestID>${guid}</RequestID><OverallStatus>${overall}</OverallStatus></CreateResponse>`;
}

/** A Delete's response element. */
export function deleted(results: string, overall = "OK"): string {
  return `<DeleteResponse xmlns="http://exacttarget.com/wsdl/partnerAPI"><Results>${results}</Results><RequestID>${guid}</RequestID><OverallStatus>${overall}</OverallStatus></DeleteResponse>`;
}

/** A fault as captured (MCE 2.5). */
export function fault(code: string, text: string, detail = ""): string {
  return `<soap:Fault><faultcode xmlns:q0="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">${code}</faultcode><faultstring>${text}</faultstring><faultactor>https://x.soap.marketingcloudapis.com/Service.asmx</faultactor>${detail}</soap:Fault>`;
}

/** What the network answers to one request that is not for a token. */
export type Reply = { status?: number; headers?: Record<string, string>; body: string };

/**
 * MCE behind an injected fetch: tokens are always granted (`token-1`, `token-2` …), everything else gets the next of
 * `replies`, the last one repeatedly.
 */
export function openStandIn(
  replies: readonly Reply[],
  overrides: Partial<MceDeps> = {},
): { mce: Mce; sent: Sent[]; deps: MceDeps } {
  const sent: Sent[] = [];
  let tokens = 0;
  let answered = 0;
  const deps = mceDeps({
    async fetch(input, init) {
      const { url, method, headers } = new Request(input, init);
      const body = typeof init?.body === "string" ? init.body : "";
      sent.push({ url, method, headers, body, redirect: init?.redirect });
      if (url.endsWith("/v2/token")) {
        tokens += 1;
        return Response.json(tokenBody({ access_token: `token-${tokens}` }));
      }
      const reply = replies[Math.min(answered, replies.length - 1)] ?? { body: "" };
      answered += 1;
      return new Response(reply.body, { status: reply.status ?? 200, headers: reply.headers ?? {} });
    },
    now: () => 1_800_000_000_000,
    ...overrides,
  });
  return { mce: openMce(access, deps), sent, deps };
}
