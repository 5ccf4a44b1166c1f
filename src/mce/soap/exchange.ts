import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { forbidden, rejected, unavailable, type Answer, type Effect } from "../failure.ts";
import { isPage } from "../html.ts";
import { retryAfterMs, type HttpAnswer } from "../http.ts";
import type { Session } from "../session.ts";
import { throttleOf } from "../throttle.ts";
import { envelope, type Xml } from "./envelope.ts";
import { faultOf, isTokenRefusal } from "./fault.ts";
import { child, parseXml, type XmlElement } from "./parse.ts";
import { splitResults } from "./raw-results.ts";
import { refusalOf } from "./refusal.ts";

type SoapAction = "Create" | "Retrieve" | "Delete" | "Perform" | "Describe";

/** One SOAP request. `name` is for messages and timings, such as `SOAP Create DataExtension`. */
export type SoapRequest = {
  action: SoapAction;
  name: string;
  body: Xml;
  /** A longer answer is refused. */
  maxBytes?: number;
  /** `Results` come unparsed: each as the text of a `RawResults` element. */
  hasRawResults?: boolean;
  signal?: AbortSignal;
  /** Asked right before each sending. When it says no, nothing is sent, and the answer is `aborted`. */
  mayBeSent?: () => boolean;
};

/** An answer with 2,500 objects is far smaller. */
const usualMaxBytes = 8 * 1024 * 1024;

/**
 * Sends one SOAP request.
 *
 * @returns the response element (`CreateResponse` …); a fault is a failure. `unavailable` has effect `none` for Retrieve
 *   and Describe, and for the others only when nothing was sent
 */
export async function exchangeSoap(session: Session, request: SoapRequest): Promise<Answer<XmlElement>> {
  const { action, name, body, maxBytes = usualMaxBytes, hasRawResults = false, signal, mayBeSent } = request;
  const effect: Effect = action === "Retrieve" || action === "Describe" ? "none" : "unknown";
  return await session.call({
    name,
    ...given({ signal, mayBeSent }),
    request: (token) => ({
      name,
      method: "POST",
      url: `${token.soap}/Service.asmx`,
      headers: { "content-type": "text/xml; charset=utf-8", soapaction: action },
      body: envelope(token.accessToken, body),
      timeoutMs: effect === "none" ? session.readTimeoutMs : session.effectTimeoutMs,
      maxBytes,
      effect,
      ...given({ signal }),
    }),
    read: (answer) =>
      readSoap(name, answer, { effect, responseName: responseNames[action], hasRawResults, now: session.now() }),
  });
}

const responseNames: Readonly<Record<SoapAction, string>> = {
  Create: "CreateResponse",
  Retrieve: "RetrieveResponseMsg",
  Delete: "DeleteResponse",
  Perform: "PerformResponseMsg",
  Describe: "DefinitionResponseMsg",
};

/** Pure. A fault may come with HTTP 500 or 200 (MCE 2.5), so the body is read before the status. */
function readSoap(
  name: string,
  answer: HttpAnswer,
  {
    effect,
    responseName,
    hasRawResults,
    now,
  }: { effect: Effect; responseName: string; hasRawResults: boolean; now: number },
): Answer<XmlElement> | "token-refused" {
  const { status, text } = answer;
  const throttle = throttleOf(name, answer, now);
  if (throttle !== undefined) return throttle;
  const { rest, results } = hasRawResults ? splitResults(text) : { rest: text, results: [] };
  const root = parseXml(rest);
  const body = root?.name === "Envelope" ? child(root, "Body") : undefined;
  const fault = faultOf(body);
  if (fault !== undefined) {
    if (isTokenRefusal(fault)) return "token-refused";
    const known = refusalOf(name, fault, retryAfterMs(answer.headers, now));
    if (known !== undefined) return known;
    if (fault.role === "Client") return rejected("Client", fault.text);
    return unavailable(effect, `Cannot do ${name}: MCE answered with a fault: ${fault.text}`);
  }
  if (status === 401) return "token-refused";
  // A gateway's page: MCE has not seen the call, so this is not about permissions.
  if (status === 403 && isPage(text)) return unavailable("none", `Cannot do ${name}: a gateway answered 403`);
  if (status === 403) return forbidden(name, `MCE forbids ${name} (HTTP 403)`);
  // Refused before it was read: "Bad Request" as plain text (MCE 2.5), too large and the like. 408 is a time-out.
  if (status >= 400 && status < 500 && status !== 408) return rejected(`HTTP ${status}`, `MCE refuses ${name}`);
  const response = child(body, responseName);
  if (status === 200 && response !== undefined) {
    const raw = results.map((result): XmlElement => ({ name: "RawResults", children: [], text: result }));
    return ok(raw.length === 0 ? response : { ...response, children: [...response.children, ...raw] });
  }
  return unavailable(effect, `Cannot read ${name}: the answer (HTTP ${status}) is not a ${responseName}`);
}
