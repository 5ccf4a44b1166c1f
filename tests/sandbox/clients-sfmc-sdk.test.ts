import SDK from "sfmc-sdk";
import { axiosInstance } from "sfmc-sdk/util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, openWire, type Wire } from "./support/wire.ts";

// sfmc-sdk is the low-level client under mcdev; nobody here wrote it. It takes no host but Marketing Cloud's own, so its
// requests are sent elsewhere on their way out.
const tenant = "mcsandbox-enterprise-a000001";
const credentials = {
  client_id: "sandbox-client-a",
  client_secret: "sandbox-secret-a",
  auth_url: `https://${tenant}.auth.marketingcloudapis.com/`,
};

let wire: Wire;
let redirect: number;
beforeAll(async () => {
  wire = await openWire();
  redirect = axiosInstance.interceptors.request.use((request) => {
    const baseURL = request.baseURL?.replace(/^https:\/\/[\w-]+\.\w+\.marketingcloudapis\.com/, wire.url);
    return Object.assign(request, { baseURL });
  });
});
afterAll(async () => {
  axiosInstance.interceptors.request.eject(redirect);
  await wire.close();
});

const connect = (change: object = {}) =>
  new SDK({ ...credentials, account_id: 7000001, ...change }, { requestAttempts: 2 });
/** Results of an answer; the client makes a list of them. */
const results = async (answer: Promise<unknown>) => ((await answer) as { Results?: Json[] }).Results ?? [];
const equals = (property: string, value: string) => ({
  leftOperand: property,
  operator: "equals",
  rightOperand: value,
});
const field = (Name: string, FieldType: string, more: object = {}) => ({ Name, ...more, FieldType });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "no failure",
    (error: Error & { code?: unknown; json?: Json }) => [error.name, error.code, error.message],
  );

describe("sfmc-sdk against the sandbox", () => {
  test("signs in, makes a folder, a data extension and a query, runs it, pages its rows, tidies up", async () => {
    const { soap, rest, auth } = connect();
    const [root] = await results(
      soap.retrieve("DataFolder", ["ID", "Name", "ParentFolder.ID"], {
        filter: {
          leftOperand: equals("ContentType", "dataextension"),
          operator: "AND",
          rightOperand: equals("ParentFolder.ID", "0"),
        },
      }),
    );
    expect(root).toMatchObject({ Name: "Data Extensions", ParentFolder: { ID: 0 } });
    const folder = {
      Name: "Made by SDK",
      Description: "d",
      ContentType: "dataextension",
      ParentFolder: { ID: root?.["ID"] },
    };
    const [made] = await results(soap.create("DataFolder", folder));
    expect(made).toMatchObject({ StatusCode: "OK", NewID: expect.any(Number) });

    const fields = [
      field("Id", "Text", { MaxLength: 20, IsPrimaryKey: true, IsRequired: true }),
      field("Price", "Decimal", { MaxLength: 18, Scale: 2 }),
      field("Name", "Text", { MaxLength: 100 }),
    ];
    const target = { CustomerKey: "sdk", Name: "By SDK", CategoryID: made?.["NewID"], Fields: { Field: fields } };
    expect(await results(soap.create("DataExtension", target))).toMatchObject([
      { StatusMessage: "Data Extension created." },
    ]);
    const shown = await results(
      soap.retrieveBulk("DataExtensionField", ["Name", "FieldType", "Ordinal"], {
        filter: equals("DataExtension.CustomerKey", "sdk"),
        options: { BatchSize: 2 },
      }),
    );
    expect(shown.map((it) => String(it["Name"])).sort()).toEqual(["Id", "Name", "Price"]);

    const query = {
      Name: "Query by SDK",
      CustomerKey: "sdk-query",
      QueryText: "SELECT ProductID AS Id, Price, ProductName AS Name FROM Products WHERE Price > 0 AND 1 < 2",
      TargetType: "DE",
      TargetUpdateType: "Overwrite",
      DataExtensionTarget: { CustomerKey: "sdk", Name: "By SDK" },
    };
    const [defined] = await results(soap.create("QueryDefinition", query));
    const performed = (await soap.perform("QueryDefinition", "start", { ObjectID: defined?.["NewObjectID"] })) as {
      Results: { Result: { Task: { ID: number } } }[];
    };
    const taskId = performed.Results[0]?.Result.Task.ID;
    await wire.advance(5000);
    const [row] = await results(
      soap.retrieve("AsyncActivityStatus", ["Status", "ErrorMsg"], { filter: equals("TaskID", String(taskId)) }),
    );
    expect(row).toMatchObject({
      Properties: { Property: [{ Name: "Status", Value: "Complete" }, { Name: "ErrorMsg" }] },
    });

    const rows = (await rest.getBulk("/data/v1/customobjectdata/key/sdk/rowset?$orderBy=Id", 25)) as {
      items: { keys: { id: string } }[];
    };
    expect(new Set(rows.items.map((it) => it.keys.id)).size).toBe(60);
    const listed = (await rest.get("/automation/v1/queries/?$pageSize=25")) as { items: Json[] };
    expect(listed.items).toMatchObject([{ name: "Query by SDK", key: "sdk-query", targetKey: "sdk" }]);

    await soap.delete("QueryDefinition", { ObjectID: defined?.["NewObjectID"] });
    await soap.delete("DataExtension", { CustomerKey: "sdk" });
    expect(await results(soap.delete("DataFolder", { ID: made?.["NewID"] }))).toMatchObject([{ StatusCode: "OK" }]);
    expect(auth.authObject).toMatchObject({ rest_instance_url: `${wire.url}/`, expires_in: 1079 });
  });

  test("starts a query over REST and writes rows", async () => {
    const { soap, rest } = connect({ account_id: "7000011" });
    await soap.create("DataExtension", {
      CustomerKey: "child",
      Name: "Child",
      Fields: { Field: [field("A", "Text")] },
    });
    const made = (await rest.post("/automation/v1/queries/", {
      name: "Child",
      key: "child",
      queryText: "SELECT 'x' AS A",
      targetKey: "child",
      targetUpdateTypeId: 2,
      categoryId: 4715,
    })) as Json;
    const path = `/automation/v1/queries/${String(made["queryDefinitionId"])}`;
    expect(await rest.post(`${path}/actions/start/`, {})).toBe("OK");
    expect(await rest.patch(path, { description: "changed" })).toMatchObject({ description: "changed" });
    await wire.advance(5000);
    await rest.post("/hub/v1/dataevents/key:child/rowset", [{ keys: {}, values: { A: "y" } }]);
    expect(await rest.get("/data/v1/customobjectdata/key/child/rowset")).toMatchObject({ count: 2 });
    expect(await rest.delete(path)).toBe("OK");
  });

  test("reads the errors Marketing Cloud answers", async () => {
    const { soap, rest } = connect();
    expect(await failure(soap.retrieve("Nothing", ["ID"]))).toEqual([
      "SOAPError",
      "Error",
      "Unable to find a handler for object type: Nothing. Object types are case-sensitive, check spelling.",
    ]);
    expect(await failure(soap.create("DataExtension", { Name: "No key" }))).toEqual([
      "SOAPError",
      "Error",
      "One or more errors in the Results",
    ]);
    expect(await failure(rest.get("/data/v1/customobjectdata/key/nope/rowset"))).toEqual([
      "RestError",
      404,
      expect.stringContaining("cannot be retrieved for key"),
    ]);
    expect(await failure(connect({ client_secret: "wrong" }).rest.get("/automation/v1/queries"))).toEqual([
      "RestError",
      "invalid_client",
      expect.stringContaining("Client authentication failed"),
    ]);
  });

  test("renews its token when SOAP says Token Expired and REST 401", async () => {
    const { soap, rest, auth } = connect();
    await soap.retrieve("DataFolder", ["ID"]);
    const first = auth.authObject.access_token;
    await wire.call("POST", "/sandbox/tokens", { action: "expire" });
    await soap.retrieve("DataFolder", ["ID"]);
    const second = auth.authObject.access_token;
    await wire.call("POST", "/sandbox/tokens", { action: "revoke" });
    await rest.get("/automation/v1/queries");
    expect(new Set([first, second, auth.authObject.access_token]).size).toBe(3);
  });
});
