import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assetNames, customerKeyOf, readCustomerKey } from "#protocol/names.ts";
import { aRunId } from "../support/runs.ts";

describe("customerKeyOf()", () => {
  it("fills MCE's 36 characters exactly and reads back", () => {
    const key = customerKeyOf(aRunId, 3);
    expect(key).toBe("QPP_0123456789abcdef0123456789abcd_3");
    expect(key).toHaveLength(36);
    expect(readCustomerKey(key)).toEqual({ runId: aRunId, attempt: 3 });
  });

  it.each([
    "QPP_Orders_0123",
    "qpp_0123456789abcdef0123456789abcd_1",
    "QPP_0123456789abcdef0123456789abcd_0",
    "xQPP_0123456789abcdef0123456789abcd_1",
  ])("is not mistaken for somebody else's key %s", (key) => expect(readCustomerKey(key)).toBeUndefined());
});

describe("assetNames()", () => {
  it.each([
    ["Top customers", "QPP_Top customers_0123"],
    [undefined, "QPP_Results_0123"],
    ["  ", "QPP_Results_0123"],
    ["🎉🎉", "QPP_Results_0123"],
    ["<b>R&D</b> 'x'", "QPP_b R D b x_0123"],
    ["Größe\u0000\n2", "QPP_Gro e 2_0123"],
  ])("makes a legal name of the snippet %j", (snippet, name) => {
    expect(assetNames(aRunId, snippet)[0]).toBe(name);
  });

  it("takes a longer hash each time a name is taken", () => {
    expect(assetNames(aRunId, "A")).toEqual(["QPP_A_0123", "QPP_A_01234567", `QPP_A_${aRunId}`]);
  });

  it("stays legal and within 64 characters whatever the user typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (snippet) => {
        for (const name of assetNames(aRunId, snippet)) expect(name).toMatch(/^QPP_[A-Za-z0-9_ -]{0,59}[A-Za-z0-9_-]$/);
      }),
    );
  });
});
