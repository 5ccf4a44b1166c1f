import { XMLParser } from "fast-xml-parser";
import { openSandbox, type SandboxOptions } from "../../../sandbox/server.ts";

/** Whatever an answer holds; tests look into it with `toMatchObject`. */
export type Json = Record<string, unknown>;

type Answer = { status: number; text: string; headers: Headers; json: Json };
export type SoapAnswer = { status: number; text: string; headers: Headers; header: Json; body: Json };

/** A sandbox on a clock that stands still until a test moves it, and raw calls to it. */
export type Wire = {
  url: string;
  token(mid?: number, secret?: "a" | "b", scope?: string): Promise<string>;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  soap(body: string, more?: { token?: string; version?: "1.1" | "1.2"; action?: string }): Promise<SoapAnswer>;
  envelope(body: string, token: string, version?: "1.1" | "1.2"): string;
  advance(ms: number): Promise<void>;
  ledger(): Promise<Json[]>;
  close(): Promise<void>;
};

const parser = new XMLParser({
  ignoreAttributes: false,
  removeNSPrefix: true,
  parseTagValue: false,
  attributeNamePrefix: "@",
});
const namespaces = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
};

/** 2026-01-15T18:00:00Z: noon of the server's day. */
const start = Date.UTC(2026, 0, 15, 18);

/** Opens a sandbox for one test file. */
export async function openWire(options: SandboxOptions = {}): Promise<Wire> {
  const sandbox = await openSandbox({ now: () => start, rows: 2000, durationMs: 2000, ...options });
  const tokens = new Map<string, string>();
  const envelope: Wire["envelope"] = (body, token, version = "1.1") =>
    `<s:Envelope xmlns:s="${namespaces[version]}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    `<s:Header><fueloauth xmlns="http://exacttarget.com">${token}</fueloauth></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  const call: Wire["call"] = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(sandbox.url + path, {
      method,
      ...(text === undefined ? {} : { body: text }),
      headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers },
    });
    const answer = await response.text();
    return { status: response.status, text: answer, headers: response.headers, json: asJson(answer) };
  };
  const token: Wire["token"] = async (mid, secret = "a", scope) => {
    const name = `${mid}${secret}${scope}`;
    const known = tokens.get(name);
    if (known !== undefined) return known;
    const credentials = { client_id: `sandbox-client-${secret}`, client_secret: `sandbox-secret-${secret}` };
    const asked = { grant_type: "client_credentials", ...credentials, account_id: mid, scope };
    const fresh = String((await call("POST", "/v2/token", asked)).json["access_token"]);
    tokens.set(name, fresh);
    return fresh;
  };
  return {
    url: sandbox.url,
    token,
    call,
    envelope,
    soap: async (body, { token: given, version = "1.1", action } = {}) => {
      const message = envelope(body, given ?? (await token()), version);
      const type = version === "1.1" ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8";
      const headers = { "content-type": type, ...(action === undefined ? {} : { soapaction: action }) };
      const answer = await call("POST", "/Service.asmx", message, headers);
      const parsed = asXml(answer.text);
      return { ...answer, header: parsed.header, body: parsed.body };
    },
    advance: async (ms) => {
      await call("POST", "/sandbox/clock", { advanceMs: ms });
    },
    // The control API's contract: entries is a list of objects.
    ledger: async () => (await call("GET", "/sandbox/ledger")).json["entries"] as Json[],
    close: () => sandbox.close(),
  };
}

function asJson(text: string): Json {
  try {
    // Tests match what they need of it.
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

function asXml(text: string): { header: Json; body: Json } {
  // The parser gives objects for elements; an answer that is no envelope becomes empty ones.
  const envelope = (text.startsWith("<") ? (parser.parse(text) as Json)["Envelope"] : {}) as Json | undefined;
  return { header: (envelope?.["Header"] ?? {}) as Json, body: (envelope?.["Body"] ?? {}) as Json };
}
