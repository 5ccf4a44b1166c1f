import FuelSoap from "fuel-soap";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import { performed, statusOf } from "./support/wire-messages.ts";

// fuel-soap is the SOAP client of Salesforce's own SDK for Node.
let wire: Wire;
let fuel: FuelSoap;
beforeAll(async () => {
  wire = await openWire();
  fuel = new FuelSoap({
    auth: {
      clientId: "sandbox-client-a",
      clientSecret: "sandbox-secret-a",
      authUrl: `${wire.url}/v2/token`,
      authOptions: { authVersion: 2, accountId: 7000001 },
    },
    soapEndpoint: `${wire.url}/Service.asmx`,
  });
});
afterAll(() => wire.close());

const called = (work: (done: (error: Error | null, answer: { body: unknown } | null) => void) => void) =>
  new Promise<unknown>((resolve, reject) => {
    work((error, answer) => {
      if (error === null) resolve(answer?.body);
      else reject(error);
    });
  });

test("fuel-soap retrieves and performs", async () => {
  const { queryId, taskId } = await performed(wire, "Fuel", "SELECT TOP 3 EmailAddress FROM Customers");
  const filter = { leftOperand: "CustomerKey", operator: "equals", rightOperand: "Q_Fuel" };
  const found = await called((done) => fuel.retrieve("QueryDefinition", ["Name", "Status"], { filter }, done));
  expect(found).toMatchObject({ OverallStatus: "OK", Results: [{ Name: "Q_Fuel", Status: "Active" }] });
  await wire.advance(5000);
  const started = await called((done) => fuel.perform("QueryDefinition", { ObjectID: queryId }, done));
  expect(started).toMatchObject({ OverallStatus: "OK", Results: [{ Result: { StatusCode: "OK" } }] });
  await wire.advance(5000);
  expect(await statusOf(wire, String(Number(taskId) + 1))).toMatchObject({ Status: "Complete" });
});

// Its own retry takes the old token again, so it cannot go on by itself; that is not the sandbox's doing.
test("fuel-soap reads the fault Token Expired", async () => {
  await wire.call("POST", "/sandbox/tokens", { action: "expire" });
  const asked = called((done) => fuel.retrieve("DataFolder", ["Name"], {}, done));
  await expect(asked).rejects.toMatchObject({ message: "Token Expired", faultCode: "q0:Security" });
});
