import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openTcpProxy } from "../flow/support/tcp-proxy.ts";
import { openWire, type Wire } from "./support/wire.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

const client = { grant_type: "client_credentials", client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };

describe("POST /v2/token, MCE 1.2 to 1.4", () => {
  test("1.3: answers a JWT-looking token of at most 512 characters, 1079 seconds, URLs with slash", async () => {
    const { status, json } = await wire.call("POST", "/v2/token", { ...client, account_id: 7000011 });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      token_type: "Bearer",
      expires_in: 1079,
      soap_instance_url: `${wire.url}/`,
      rest_instance_url: `${wire.url}/`,
    });
    expect(String(json["access_token"])).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(String(json["access_token"]).length).toBeLessThanOrEqual(512);
    expect(json).not.toHaveProperty("refresh_token");
  });

  test("a client that came through a proxy is sent through it", async () => {
    const proxy = await openTcpProxy(Number(new URL(wire.url).port));
    onTestFinished(() => proxy.close());
    const url = `http://127.0.0.1:${proxy.port}`;
    const answer = await fetch(`${url}/v2/token`, { method: "POST", body: JSON.stringify(client) });
    expect(await answer.json()).toMatchObject({ soap_instance_url: `${url}/`, rest_instance_url: `${url}/` });
  });

  test("1.2: takes a form, and account_id as digits", async () => {
    const body = new URLSearchParams({ ...client, account_id: "7000012" }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await wire.call("POST", "/v2/token", body, headers)).status).toBe(200);
  });

  test.each([
    ["1.2: all scopes of the package when none is named", undefined, /data_extensions_read/],
    ["1.2: only the scopes named", "data_extensions_read", /^data_extensions_read$/],
    ["1.2: none for the empty string", "", /^$/],
  ])("%s", async (_, scope, granted) => {
    expect((await wire.call("POST", "/v2/token", { ...client, scope })).json["scope"]).toMatch(granted);
  });

  test.each([
    ["wrong secret", { client_secret: "no" }, 401, "invalid_client", /^Client authentication failed\. Make sure/],
    ["unknown client", { client_id: "no" }, 401, "invalid_client", /^Client authentication failed\. Make sure/],
    ["foreign business unit", { account_id: 8000001 }, 400, "invalid_request", /not accessible for this account/],
    ["unknown scope", { scope: "everything" }, 400, "invalid_scope", /./],
    ["unknown grant", { grant_type: "password" }, 400, "unsupported_grant_type", /./],
    ["no grant", { grant_type: undefined }, 400, "invalid_request", /./],
  ])("1.4: %s", async (_, change, status, error, description) => {
    const answer = await wire.call("POST", "/v2/token", { ...client, ...change });
    expect(answer).toMatchObject({ status, json: { error, error_uri: "https://developer.salesforce.com/docs" } });
    expect(answer.json["error_description"]).toMatch(description);
  });

  test("1.4: a body that is no JSON object is an invalid request", async () => {
    expect(await wire.call("POST", "/v2/token", "[1")).toMatchObject({
      status: 400,
      json: { error: "invalid_request" },
    });
  });
});

describe("tokens in use, MCE 1.3, 1.4 and 2.5", () => {
  const rowset = "/data/v1/customobjectdata/key/Customers/rowset";
  const ask = (token: string) => wire.call("GET", rowset, undefined, { authorization: `Bearer ${token}` });
  const probe = `<RetrieveRequestMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><RetrieveRequest><ObjectType>DataFolder</ObjectType><Properties>ID</Properties></RetrieveRequest></RetrieveRequestMsg>`;
  const fault = (faultstring: string) => ({
    status: 500,
    body: { Fault: { faultcode: "q0:Security", faultstring, faultactor: `${wire.url}/Service.asmx` } },
  });

  test("1.4: REST without a good token is 401 with errorcode 0", async () => {
    expect(await ask("nonsense")).toMatchObject({ status: 401, json: { errorcode: 0, message: "Not Authorized" } });
  });

  test("1.4: REST without the scope is 403 before the key is looked at", async () => {
    const token = await wire.token(7000001, "a", "automations_read");
    const path = "/data/v1/customobjectdata/key/no-such-key/rowset";
    const answer = await wire.call("GET", path, undefined, { authorization: `Bearer ${token}` });
    expect(answer).toMatchObject({
      status: 403,
      json: { message: "Insufficient privileges to complete this action." },
    });
  });

  test("2.5: SOAP with an unknown token is fault Login Failed, HTTP 500", async () => {
    expect(await wire.soap(probe, { token: "nonsense" })).toMatchObject(fault("Login Failed"));
  });

  test("2.5: SOAP with a token past its time is fault Token Expired, REST is 401", async () => {
    const token = await wire.token(7000012);
    await wire.advance(1_078_999);
    expect((await wire.soap(probe, { token })).status).toBe(200);
    await wire.advance(1);
    expect(await wire.soap(probe, { token })).toMatchObject(fault("Token Expired"));
    expect((await ask(token)).status).toBe(401);
  });
});

test("further enterprises have a business unit each, and nobody else's package signs in to it", async () => {
  const more = await openWire({ moreEnterprises: 2 });
  onTestFinished(() => more.close());
  const ask = (at: number, account_id: number) => {
    const package_ = { client_id: `sandbox-client-${at}`, client_secret: `sandbox-secret-${at}` };
    return more.call("POST", "/v2/token", { grant_type: "client_credentials", ...package_, account_id });
  };
  const answers = [await ask(1, 9_000_001), await ask(2, 9_000_002), await ask(2, 9_000_001), await ask(3, 9_000_003)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 401]);
});
