import { expect, test } from "vitest";
import { openSoapAccounts } from "../../src/queue-bridge/business-unit/soap-accounts.ts";

const hour = 60 * 60 * 1000;

test("openSoapAccounts() remembers an enterprise for an hour from the last time it needed SOAP", () => {
  let now = 0;
  const accounts = openSoapAccounts(() => now);
  expect(accounts.needsSoap("a")).toBe(false);
  accounts.remember("a");
  now = hour - 1;
  expect([accounts.needsSoap("a"), accounts.needsSoap("b")]).toEqual([true, false]);
  accounts.remember("a");
  now = 2 * hour - 2;
  expect(accounts.needsSoap("a")).toBe(true);
  now = 2 * hour;
  expect(accounts.needsSoap("a")).toBe(false);
});

test("openSoapAccounts() forgets an enterprise whose rowset has answered", () => {
  const accounts = openSoapAccounts(() => 0);
  accounts.remember("a");
  accounts.forget("a");
  expect(accounts.needsSoap("a")).toBe(false);
});

test("openSoapAccounts() keeps the last thousand", () => {
  const accounts = openSoapAccounts(() => 0);
  for (let n = 0; n < 1001; n += 1) accounts.remember(String(n));
  accounts.remember("1");
  accounts.remember("1001");
  expect(["0", "1", "2", "3", "1001"].map((id) => accounts.needsSoap(id))).toEqual([false, true, false, true, true]);
});
