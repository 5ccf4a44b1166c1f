import { describe, expect, test } from "vitest";
import { maskedVariables, maskFor } from "../../scripts/doctor/mask.ts";

const worker = {
  SQE_ENV: "production",
  DATABASE_URL: "postgres://sqe_app:canary%2Fone@canary-host.example/main",
  JWT_SECRET: 'canary "two" \\ three',
  VAULT_KEYS: "kid2:canaryfour==,kid1:canaryfive==",
};
const bridge = { EDGE_URL: "https://user:canarysix@edge.example", BRIDGE_SECRET: "canaryseven,canaryeight" };
const mask = maskFor({ worker, bridge, source: "" });

describe("maskFor()", () => {
  test("takes out every value, its parts, the password as it is and as it is sent, also inside JSON", () => {
    const said = [...Object.values(worker), ...Object.values(bridge), "canary/one", "canaryfive==", "canaryeight"];
    const masked = mask(said.map((text) => `it said ${JSON.stringify(text)} and ${text}`).join("\n"));
    expect(masked).not.toContain("canary");
    expect(masked).toContain("production");
  });

  test.each([
    ["a token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"],
    ["an envelope of the vault", "v1.kid9.aXYtaXYtaXY.Y2lwaGVydGV4dA"],
    ["an account in an address", "rediss://default:hunter2hunter2@redis.example:6379"],
  ])("takes out %s that no variable has", (_what, text) => {
    expect(mask(`"${text}"`)).not.toContain(text);
    expect(mask(`"${text}"`)).not.toContain("hunter2");
  });

  test("leaves ids, times and our own words", () => {
    const text = JSON.stringify({
      id: "0123456789abcdef0123456789abcd",
      at: "2026-11-30T10:00:00.000Z",
      why: "No bridge runs",
    });
    expect(mask(text)).toBe(text);
  });
});

test("maskedVariables() tells plain values, and of all others no more than scheme and length", () => {
  expect(maskedVariables(worker)).toEqual({
    SQE_ENV: "production",
    DATABASE_URL: `(postgres://…, ${worker.DATABASE_URL.length} characters)`,
    JWT_SECRET: `(${worker.JWT_SECRET.length} characters)`,
    VAULT_KEYS: `(${worker.VAULT_KEYS.length} characters)`,
  });
  expect(maskedVariables(bridge)["EDGE_URL"]).toBe("https://(account)@edge.example");
});
