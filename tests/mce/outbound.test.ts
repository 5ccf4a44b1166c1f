import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { MceAccess } from "#mce/access.ts";
import { openMce } from "#mce/client.ts";
import { readRowset } from "#mce/rest/rowset.ts";
import { findFolders } from "#mce/soap/folder.ts";
import { requestToken } from "#mce/token-request.ts";
import { openSignedPost } from "../../src/queue-bridge/edge/signed-post.ts";
import { beginSignIn, finishSignIn } from "../../src/worker/auth/oauth.ts";
import { openPublicKeys } from "../../src/worker/auth/public-keys.ts";
import { readUserInfo } from "../../src/worker/auth/user-info.ts";
import { mceDeps, platformWith } from "../support/platform.ts";
import { isLong } from "../support/tier.ts";
import { hostilePieces } from "./support/hostile-hosts.ts";
import { access, nil, retrieved, soapAnswer, subdomain, tokenBody } from "./support/stand-in.ts";

const numRuns = isLong ? 5000 : 500;
const seed = 2107;
/** Long enough on a busy machine. */
const usualMs = 60_000;
const shortMs = 100;

/** What one server on the loopback answers instead of every host; which, the network tells by the address that was asked. */
let act: (request: IncomingMessage, response: ServerResponse) => void;
/** Every address that a call was made to, in order. */
let asked: string[] = [];
const server = createServer((request, response) => act(request, response));
let base = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** How long a whole answer may take. */
let deadlineMs = usualMs;

/** The real `fetch`, with everything that was asked of it but the host. */
const platform = platformWith({
  fetch: (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url.href);
    return fetch(base + url.pathname, init);
  },
  timeout: () => AbortSignal.timeout(deadlineMs),
});
const deps = () => ({ ...mceDeps(), platform, readTimeoutMs: usualMs, effectTimeoutMs: usualMs });
const door = { subdomain, app: { clientId: "a", clientSecret: "b" }, redirectUri: "https://sqe.example/auth/callback" };
const begun = { state: "s", verifier: "v".repeat(43) };
const back = new URL("https://sqe.example/auth/callback?code=c&state=s");

/**
 * Every kind of call to Marketing Cloud and to issuers, and whether it got what it asked for. Tokens are granted but in calls for them. Not
 * here: Neon's, Upstash's and Redis' own clients, which call the hosts of our settings, and the bridge's signed requests, which are below.
 */
const calls: Record<string, () => Promise<{ isGood: boolean; told: string }>> = {
  token: async () => told(await requestToken(access, deps())),
  "token of a person": async () => told(await requestToken(access, deps(), "refresh")),
  SOAP: async () => told(await findFolders(openMce(access, deps()), { contentType: "dataextension" })),
  REST: async () => told(await readRowset(openMce(access, deps()), { customerKey: "k", page: 1, pageSize: 50 })),
  userinfo: async () => {
    const user = await readUserInfo(platform, { subdomain }, "token");
    return { isGood: user !== undefined, told: "nobody" };
  },
  "code of a sign-in": async () => {
    const granted = await finishSignIn(door, begun, back, platform);
    return { isGood: granted.ok, told: granted.ok ? "" : granted.error.kind };
  },
  "public keys": async () => {
    const keys = await openPublicKeys(platform, false).read("https://login.example/keys", false);
    return { isGood: keys.ok, told: keys.ok ? "" : keys.error };
  },
};

const ofToken = JSON.stringify(tokenBody({ access_token: "tokén", refresh_token: "é" }));
const folder = `${nil}<ID>1</ID><Name>é</Name><ContentType>dataextension</ContentType><ParentFolder><ID>0</ID></ParentFolder>`;
/** What each call wants to hear, with a letter that is two bytes in UTF-8. */
const goodAnswers: Record<string, string> = {
  token: ofToken,
  "token of a person": ofToken,
  SOAP: soapAnswer(retrieved(`<Results>${folder}</Results>`)),
  REST: JSON.stringify({ count: 1, items: [{ values: { a: "é" } }] }),
  userinfo: JSON.stringify({ sub: "é", enterprise_id: 1, member_id: 1 }),
  "code of a sign-in": ofToken,
  "public keys": JSON.stringify({ keys: [{ kty: "é" }] }),
};

function told(answer: { ok: true } | { ok: false; error: { message: string } }) {
  return answer.ok ? { isGood: true, told: "" } : { isGood: false, told: answer.error.message };
}

/** Makes one call while the server does something to it; what it needs before is granted. */
async function callWhile(name: string, does: typeof act) {
  asked = [];
  const isAboutTokens = name.includes("token") || name.includes("sign-in");
  act = (request, response) => {
    if (!isAboutTokens && request.url === "/v2/token") response.end(JSON.stringify(tokenBody()));
    else does(request, response);
  };
  const before = performance.now();
  const answer = await (calls[name] ?? expect.unreachable(name))();
  const wasToken = (url: string) => !isAboutTokens && url.endsWith("/v2/token");
  return { ...answer, ms: performance.now() - before, asked: asked.filter((url) => !wasToken(url)) };
}

describe.each(Object.keys(calls))("a call: %s", (name) => {
  it.each([301, 302, 303, 307, 308])("follows no redirect: %i", async (status) => {
    const reached: string[] = [];
    const answer = await callWhile(name, ({ url = "" }, response) => {
      reached.push(url);
      const isThere = url === "/elsewhere";
      const headers = isThere ? { "content-type": "application/json" } : { location: `${base}/elsewhere` };
      response.writeHead(isThere ? 200 : status, headers).end(goodAnswers[name]);
    });
    expect([answer.isGood, answer.told === "", reached.length]).toEqual([false, false, 1]);
    expect(reached).not.toContain("/elsewhere");
  });

  it("ends an answer that does not end at its size", async () => {
    let isClosed = false;
    let sent = 0;
    const answer = await callWhile(name, (_, response) => {
      response.on("close", () => (isClosed = true));
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(64 * 1024))) sent += 64 * 1024;
      };
      response.on("drain", more);
      more();
    });
    expect([answer.isGood, answer.told === ""]).toEqual([false, false]);
    await expect.poll(() => isClosed).toBe(true);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it.each(["before its head", "in the middle of its body"])(
    "ends an answer that stops %s at its deadline",
    async (when) => {
      deadlineMs = shortMs;
      onTestFinished(() => void (deadlineMs = usualMs));
      const answer = await callWhile(name, (_, response) => {
        if (when !== "before its head") response.writeHead(200, { "content-length": "100" }).write("{");
      });
      expect([answer.isGood, answer.told === ""]).toEqual([false, false]);
      // The machine may be busy.
      expect(answer.ms).toBeLessThan(shortMs + 5000);
    },
  );

  it("takes an answer in UTF-8, and does not take other bytes for other characters", async () => {
    const answering = (body: Buffer) =>
      callWhile(name, (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(body));
    const body = goodAnswers[name] ?? expect.unreachable(name);
    expect((await answering(Buffer.from(body))).isGood).toBe(true);
    const isLatin1Good = (await answering(Buffer.from(body, "latin1"))).isGood;
    // A key with a wrong character proves no token.
    expect(isLatin1Good).toBe(name === "public keys");
  });
});

/** The host of a tenant, as Marketing Cloud's documentation has it. */
const ofMarketingCloud = new RegExp(String.raw`^https://${subdomain}(?:\.[a-z0-9-]+)+\.marketingcloudapis\.com/`);

describe("whatever hosts are named", () => {
  const glued = () =>
    fc.array(hostilePieces(subdomain), { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(""));

  it("a token goes to no other host than the tenant's", async () => {
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(glued(), glued(), async (rest, soap) => {
        asked = [];
        const isRestGood = rest.length % 2 === 0;
        act = (_, response) => {
          const one = tokenBody()["rest_instance_url"];
          const urls = { rest_instance_url: isRestGood ? one : rest, soap_instance_url: soap };
          response.end(JSON.stringify(tokenBody(urls)));
        };
        const mce = openMce(access, deps());
        await findFolders(mce, { contentType: "dataextension" });
        await readRowset(mce, { customerKey: rest, page: 1, pageSize: 50 });
        for (const url of asked) expect(url).toMatch(ofMarketingCloud);
        reached += asked.length;
      }),
      { numRuns: numRuns / 5, seed },
    );
    expect(reached).toBeGreaterThan(numRuns / 5);
  });

  it("a key is one segment of the path, or is not asked for", async () => {
    act = (_, response) => response.end(JSON.stringify(tokenBody()));
    const mce = openMce(access, deps());
    const isRead = (url: string) => !url.endsWith("/v2/token");
    const keys = fc.oneof(glued(), fc.constantFrom(".", "..", "...", "%2e%2e", "../..", "a/../b", "?x#y"));
    await fc.assert(
      fc.asyncProperty(keys, async (customerKey) => {
        asked = [];
        await readRowset(mce, { customerKey, page: 1, pageSize: 50 });
        const [url, ...more] = asked.filter(isRead);
        expect(more).toEqual([]);
        if (url === undefined) {
          expect([".", ".."]).toContain(customerKey);
          return;
        }
        const { pathname, hash } = new URL(url);
        const segments = pathname.split("/").map(decodeURIComponent);
        expect([segments, hash]).toEqual([
          ["", "data", "v1", "customobjectdata", "key", customerKey.toWellFormed(), "rowset"],
          "",
        ]);
      }),
      { numRuns: numRuns / 5, seed },
    );
  });

  it("keys of issuers are asked for by https alone", async () => {
    act = (_, response) => response.end("{}");
    await fc.assert(
      fc.asyncProperty(glued(), async (url) => {
        asked = [];
        await openPublicKeys(platform, false).read(url, false);
        for (const one of asked) expect(one).toMatch(/^https:\/\//);
      }),
      { numRuns, seed },
    );
  });

  it("a secret and a browser go to a host of Marketing Cloud, under the very sub-domain that was named", async () => {
    act = (_, response) => response.end("{}");
    await fc.assert(
      fc.asyncProperty(glued(), async (named) => {
        asked = [];
        const other: MceAccess = { ...access, subdomain: named };
        await requestToken(other, deps());
        await readUserInfo(platform, { subdomain: named }, "token");
        const sent = await beginSignIn({ ...door, subdomain: named });
        const all = [...asked, ...(sent === undefined ? [] : [sent.url])];
        for (const url of all) {
          const { protocol, hostname, port, username, password } = new URL(url);
          expect([protocol, port, username, password]).toEqual(["https:", "", "", ""]);
          expect(hostname).toBe(`${named}.auth.marketingcloudapis.com`);
        }
      }),
      { numRuns, seed },
    );
  });
});

describe("the bridge's signed requests", () => {
  it("follow no redirect", async () => {
    act = (request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(307, { location: `${base}/elsewhere` }).end();
    };
    asked = [];
    const post = openSignedPost({ url: base, secret: "s".repeat(32), platform: platformWith(), timeoutMs: 5000 });
    expect((await post("/bridge/runs/x/claim", "{}")).httpStatus).toBe(307);
    expect(asked).toEqual(["/bridge/runs/x/claim"]);
  });
});
