import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openMce, type Mce } from "../../src/mce/client.ts";
import type { Answer } from "../../src/mce/failure.ts";
import { isQueryRunning } from "../../src/mce/rest/is-running.ts";
import { readRowset } from "../../src/mce/rest/rowset.ts";
import { deleteDataExtension } from "../../src/mce/soap/data-extension.ts";
import { findFolders } from "../../src/mce/soap/folder.ts";
import { performQuery } from "../../src/mce/soap/perform.ts";
import { endless, http, openRawServer, type Act } from "./support/raw-server.ts";
import { access, fault, retrieved, soapAnswer } from "./support/stand-in.ts";
import { mceDeps } from "../support/platform.ts";

const performed = `<PerformResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><Results><Result><StatusCode>OK</StatusCode><StatusMessage>QueryDefinition perform called successfully</StatusMessage><Task><StatusCode>OK</StatusCode><ID>127061082</ID></Task></Result></Results><OverallStatus>OK</OverallStatus></PerformResponseMsg>`;

/** JSON that would be accepted if it were shorter. */
const tooLong = `{"isRunning":false}${" ".repeat(100_000)}`;

/** An answer whose stated length is short and that grows when it is unpacked. */
function packed(text: string): Buffer {
  const body = gzipSync(text);
  const head = `HTTP/1.1 200 X\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const perform = (mce: Mce) => performQuery(mce, { objectId: "o" });
const isRunning = (mce: Mce) => isQueryRunning(mce, { objectId: "o" });
const folders = (mce: Mce) => findFolders(mce, { contentType: "dataextension" });

describe("an answer that is too long", () => {
  it.each<[string, Act]>([
    ["by its Content-Length", http(200, tooLong)],
    ["without one", `HTTP/1.1 200 X\r\nconnection: close\r\n\r\n${tooLong}`],
    ["unpacked", (socket) => void socket.end(packed(tooLong))],
  ])("is refused %s", async (_, act) => {
    const { mce } = await openRawServer([act]);
    const message = "Cannot read REST isrunning: the answer is over 65536 bytes";
    expect(await isRunning(mce)).toMatchObject({ error: { kind: "unavailable", message } });
  });
});

describe("performQuery() over a bad network", () => {
  it.each<[string, Act]>([
    ["a connection dropped before an answer", (socket) => socket.destroy()],
    ["a connection dropped in the middle of the head", "HTTP/1.1 200 O"],
    ["a body shorter than announced", http(200, soapAnswer(performed)).slice(0, -20)],
    ["a whole HTTP answer with half an envelope", http(200, soapAnswer(performed).slice(0, -20))],
    [
      "an envelope without length, cut by the end of the connection",
      `HTTP/1.1 200 X\r\nconnection: close\r\n\r\n${soapAnswer(performed).slice(0, 500)}`,
    ],
    ["HTML with 200", http(200, "<html><body>Maintenance</body></html>")],
    ["an empty answer", http(200, "")],
    ["the answer to another call", http(200, soapAnswer(retrieved("")))],
    ["OK without a task", http(200, soapAnswer(performed.replace(/<Task>.*<\/Task>/, "")))],
    ["OK with a task id that is none", http(200, soapAnswer(performed.replace("127061082", "")))],
    [
      "no StatusCode",
      http(200, soapAnswer(performed.replace("<StatusCode>OK</StatusCode><StatusMessage>", "<StatusMessage>"))),
    ],
    ["a bare 500", http(500, "Internal Server Error")],
    ["a 502", http(502, "<html>Bad Gateway</html>")],
    ["a 503", http(503, "")],
    ["a server fault", http(500, soapAnswer(fault("soap:Server", "Something broke")))],
    ["a redirect", http(307, "", "location: http://127.0.0.1:1/\r\n")],
    ["no answer in time", () => {}],
    ["an endless answer", (socket) => void endless(socket)],
  ])("cannot tell the effect of %s", async (_, act) => {
    const { mce, paths } = await openRawServer([act], { effectTimeoutMs: 700 });
    expect(await perform(mce)).toMatchObject({ ok: false, error: { kind: "unavailable", effect: "unknown" } });
    expect(paths).toEqual(["/v2/token", "/Service.asmx"]);
  });

  it("knows that nothing was sent when no server listens", async () => {
    const { mce, deps, close } = await openRawServer([http(200, soapAnswer(performed))]);
    await isRunning(mce);
    await close();
    expect(await perform(openMce(access, deps))).toMatchObject({
      ok: false,
      error: { kind: "unavailable", effect: "none", message: "Cannot do SOAP Perform: MCE cannot be reached" },
    });
  });

  it("knows that nothing was sent when there is no token", async () => {
    const { mce } = await openRawServer([], { sandboxUrl: "http://127.0.0.1:1" });
    expect(await perform(mce)).toMatchObject({ ok: false, error: { kind: "unavailable", effect: "none" } });
  });

  it.each<[string, string]>([
    [
      "StatusCode Error",
      http(
        200,
        soapAnswer(
          `<PerformResponseMsg><Results><Result><StatusCode>Error</StatusCode><StatusMessage>Exception occurred during [Schedule::Start] ErrorID = 1</StatusMessage><ErrorCode>2</ErrorCode></Result></Results><OverallStatus>Error</OverallStatus></PerformResponseMsg>`,
        ),
      ),
    ],
  ])("reads %s as a definite refusal", async (_, act) => {
    const { mce } = await openRawServer([act]);
    expect(await perform(mce)).toEqual({
      ok: false,
      error: {
        kind: "rejected",
        retry: "never",
        code: "2",
        message: "Exception occurred during [Schedule::Start] ErrorID = 1",
      },
    });
  });

  it.each([
    ["Token Expired", 500],
    ["TOKEN EXPIRED", 500],
    ["Login Failed", 200],
    ["Login failed", 500],
  ])("replaces a token that is refused with %j (HTTP %i) and retries once", async (text, status) => {
    const { mce, paths, calls } = await openRawServer([
      http(status, soapAnswer(fault("q0:Security", text))),
      http(200, soapAnswer(performed)),
    ]);
    expect(await perform(mce)).toEqual({ ok: true, value: { taskId: "127061082" } });
    expect(paths).toEqual(["/v2/token", "/Service.asmx", "/v2/token", "/Service.asmx"]);
    expect(calls.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      "AUTH token ok",
      "SOAP Perform unauthorized",
      "AUTH token ok",
      "SOAP Perform ok",
    ]);
  });

  it("gives up when a fresh token is refused too", async () => {
    const { mce, paths } = await openRawServer([http(500, soapAnswer(fault("q0:Security", "Token Expired")))]);
    expect(await perform(mce)).toMatchObject({ ok: false, error: { kind: "unauthorized", retry: "never" } });
    expect(paths).toHaveLength(4);
  });

  it("does not retry what failed after a fresh token", async () => {
    const { mce, paths } = await openRawServer([
      http(500, soapAnswer(fault("q0:Security", "Token Expired"))),
      (socket) => socket.destroy(),
    ]);
    expect(await perform(mce)).toMatchObject({ ok: false, error: { kind: "unavailable", effect: "unknown" } });
    expect(paths).toHaveLength(4);
  });
});

describe("failures", () => {
  const detail = (code: string) =>
    `<detail><apifault xmlns="urn:fault.partner.exacttarget.com"><Code>${code}</Code><Message>m</Message></apifault></detail>`;

  it.each<[string, string, unknown]>([
    ["429", http(429, "", "retry-after: 7\r\n"), { kind: "throttled", waitMs: 7000 }],
    [
      "the rate-limit fault",
      http(500, soapAnswer(fault("soap:Server", "x", detail("17")))),
      { kind: "throttled", waitMs: 5000 },
    ],
    [
      "its text",
      http(500, soapAnswer(fault("soap:Server", "There was an abnormal spike in your call volume"))),
      { kind: "throttled" },
    ],
    [
      "a client fault",
      http(500, soapAnswer(fault("soap:Client", "Server did not recognize the value of HTTP Header SOAPAction: X."))),
      { kind: "rejected", code: "Client" },
    ],
    ["400 in plain text", http(400, "Bad Request"), { kind: "rejected", code: "HTTP 400" }],
    ["403", http(403, ""), { kind: "forbidden" }],
    ["408", http(408, ""), { kind: "unavailable", effect: "none" }],
    [
      "OverallStatus Error",
      http(200, soapAnswer(retrieved("", "Error: Unable to find a handler for object type: X."))),
      { kind: "rejected", message: "Unable to find a handler for object type: X." },
    ],
    [
      "an OverallStatus nobody knows",
      http(200, soapAnswer(retrieved("", "Perhaps"))),
      { kind: "unavailable", effect: "none" },
    ],
    ["truncation", http(200, soapAnswer(retrieved(""))).slice(0, -9), { kind: "unavailable", effect: "none" }],
    [
      "a folder without an id",
      http(200, soapAnswer(retrieved(`<Results><Name>x</Name></Results>`))),
      { kind: "unavailable", effect: "none" },
    ],
    ["a DOCTYPE", http(200, `<!DOCTYPE x>${soapAnswer(retrieved(""))}`), { kind: "unavailable" }],
    ["9 MB", http(200, soapAnswer(retrieved(" ".repeat(9 * 1024 * 1024)))), { kind: "unavailable" }],
  ])("a SOAP read maps %s", async (_, act, failure) => {
    const { mce } = await openRawServer([act]);
    expect(await folders(mce)).toMatchObject({ ok: false, error: failure });
  });

  it.each<[string, Act, object]>([
    [
      "429 by header",
      http(429, `{"errorcode":50100,"retryAfter":5}`, "retry-after: 7\r\n"),
      { kind: "throttled", waitMs: 7000 },
    ],
    [
      "429 by body",
      http(429, `{"message":"Rate limit exceeded","errorcode":50100,"retryAfter":9}`),
      { kind: "throttled", waitMs: 9000 },
    ],
    [
      "a block without a time",
      http(403, `{"message":"Your requests are temporarily blocked.","errorcode":50200}`),
      { kind: "throttled", waitMs: 60_000 },
    ],
    [
      "a Retry-After that is a date",
      // Made when it is asked for, in whole seconds.
      (socket) => void socket.end(http(429, "", `retry-after: ${new Date(Date.now() + 90_000).toUTCString()}\r\n`)),
      { kind: "throttled", waitMs: expect.closeTo(90_000, -4) },
    ],
    ["a Retry-After that is over", http(429, "", "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n"), { waitMs: 1000 }],
    ["an absurd Retry-After", http(429, "", "retry-after: 9999999\r\n"), { kind: "throttled", waitMs: 600_000 }],
    ["a Retry-After of 0", http(429, "", "retry-after: 0\r\n"), { kind: "throttled", waitMs: 1000 }],
    [
      "401 with a fresh token too",
      http(401, `{"documentation":"x","errorcode":0,"message":"Not Authorized"}`),
      { kind: "unauthorized" },
    ],
    [
      "403",
      http(403, `{"message":"Insufficient privileges to complete this action."}`),
      { kind: "forbidden", message: "Insufficient privileges to complete this action." },
    ],
    [
      "400",
      http(400, `{"message":"Bad id","errorcode":30003,"documentation":""}`),
      { kind: "rejected", code: "30003", message: "Bad id" },
    ],
    ["404 without a body", http(404, ""), { kind: "rejected", code: "HTTP 404" }],
    ["500", http(500, `{"message":"x"}`), { kind: "unavailable", effect: "none" }],
    ["half an answer", http(200, `{"isRunning":tr`), { kind: "unavailable", effect: "none" }],
    ["another shape", http(200, `{"running":true}`), { kind: "unavailable", effect: "none" }],
    ["a redirect", http(302, "", "location: http://127.0.0.1:1/\r\n"), { kind: "unavailable" }],
    ["too much", http(200, `{"isRunning":false,"x":"${"x".repeat(70_000)}"}`), { kind: "unavailable" }],
  ])("a REST read maps %s", async (_, act, failure) => {
    const { mce } = await openRawServer([act]);
    expect(await isRunning(mce)).toMatchObject({ ok: false, error: failure });
  });

  it("stop when the caller stops", async () => {
    const controller = new AbortController();
    const { mce } = await openRawServer([() => controller.abort()]);
    const answer = await isQueryRunning(mce, { objectId: "o", signal: controller.signal });
    expect(answer).toMatchObject({ ok: false, error: { kind: "aborted", retry: "never" } });
  });

  it("stop before anything is sent when the caller has stopped", async () => {
    const { mce, paths } = await openRawServer([http(200, "{}")]);
    const answer = await readRowset(mce, { customerKey: "k", page: 1, pageSize: 1, signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ ok: false, error: { kind: "aborted" } });
    expect(paths).toEqual([]);
  });

  it("never quote a token or a secret", async () => {
    const secrets = `access-token-1 ${access.clientSecret}`;
    const refusal = `<DeleteResponse><Results><StatusCode>Error</StatusCode><StatusMessage>${secrets}</StatusMessage></Results></DeleteResponse>`;
    const acts = [
      http(400, JSON.stringify({ message: secrets })),
      http(403, JSON.stringify({ message: secrets })),
      http(500, soapAnswer(fault("soap:Server", secrets))),
      http(200, soapAnswer(retrieved("", `Error: ${secrets}`))),
      http(200, soapAnswer(refusal)),
    ];
    const { mce } = await openRawServer(acts);
    const answers: Answer<unknown>[] = [];
    for (const call of [isRunning, isRunning, folders, folders]) answers.push(await call(mce));
    answers.push(await deleteDataExtension(mce, { customerKey: "k" }));
    const refuse = async () => Response.json({ error: "x", error_description: access.clientSecret }, { status: 401 });
    answers.push(await isRunning(openAnother(refuse).mce));
    for (const answer of answers)
      expect(answer).toMatchObject({ ok: false, error: { message: expect.stringContaining("…") } });
    expect(JSON.stringify(answers)).not.toMatch(/token-1|s3cret/);
  });
});

/** A client whose every request, for tokens too, gets one answer. */
function openAnother(refuse: () => Promise<Response>) {
  return { mce: openMce(access, mceDeps({ fetch: refuse })) };
}
