import { rest } from "../support/wire-case.ts";
import type { Switch } from "../support/wire-switches.ts";
import type { Json, Wire } from "../support/wire.ts";

const app = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
const token = (wire: Wire, more: Json = {}) =>
  wire.call("POST", "/v2/token", { grant_type: "client_credentials", ...app, ...more });

const redirect_uri = "http://127.0.0.1:4321/callback";
const authorize = { response_type: "code", client_id: app.client_id, redirect_uri };

/** Allows on the consent page. @returns the code */
async function allow(wire: Wire): Promise<string> {
  const body = new URLSearchParams({ ...authorize, decision: "allow" });
  const answer = await fetch(`${wire.url}/v2/authorize`, { method: "POST", body, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "about:blank").searchParams.get("code") ?? "";
}

async function refreshTwice(wire: Wire): Promise<unknown> {
  const code = await allow(wire);
  const first = (await token(wire, { grant_type: "authorization_code", code, redirect_uri })).json["refresh_token"];
  const use = () => token(wire, { grant_type: "refresh_token", refresh_token: first });
  return [(await use()).status, (await use()).status];
}

/** Switches of how people sign in. */
export const signInSwitches = {
  refreshGraceMs: {
    set: { refreshGraceMs: 0 },
    ask: refreshTwice,
    off: [200, 200],
    on: [200, 400],
  },
  refreshRefused: { set: { refreshRefused: true }, ask: refreshTwice, off: [200, 200], on: [400, 400] },
  signedInUser: {
    set: { signedInUser: "ben@enterprise-a.example.com" },
    ask: async (wire) => {
      const address = `${wire.url}/v2/authorize?${new URLSearchParams(authorize).toString()}`;
      const answer = await fetch(address, { redirect: "manual" });
      await answer.text();
      return [answer.status, answer.headers.get("location")?.startsWith(`${redirect_uri}?code=`)];
    },
    off: [200, undefined],
    on: [302, true],
  },
  wrappedCode: {
    set: { wrappedCode: true },
    ask: async (wire) => {
      const [, inner, ...rest] = (await allow(wire)).split(".");
      if (inner === undefined) return undefined;
      const { auth_code: code, eid } = JSON.parse(Buffer.from(inner, "base64url").toString()) as Json;
      return [eid, rest.length, (await token(wire, { grant_type: "authorization_code", code, redirect_uri })).status];
    },
    off: undefined,
    on: [7000001, 1, 200],
  },
  userInfoDelayMs: {
    set: { userInfoDelayMs: 5000 },
    ask: async (wire) => {
      const seen = { isAnswered: false };
      const asked = rest(wire, "GET", "/v2/userinfo").then(() => (seen.isAnswered = true));
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
} satisfies Record<string, Switch>;
