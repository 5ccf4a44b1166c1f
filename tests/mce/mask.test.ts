import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskValues, shownMessage } from "#mce/mask.ts";
import { places, awkward, masked, untouched } from "./support/messages.ts";
import { quickestMs } from "../support/processor-time.ts";
import { short, titled } from "../support/titles.ts";

describe("maskValues()", () => {
  it.each(untouched.map((text) => [short(text), text] as const))("keeps %s", (_, text) => {
    expect(maskValues(text)).toBe(text);
  });

  it.each(titled(masked))("masks the values of %s", (_, text, expected) => {
    expect(maskValues(text)).toBe(expected);
  });

  it("changes nothing the second time", () => {
    for (const text of [...untouched, ...masked.map(([before]) => before)])
      expect(maskValues(maskValues(text))).toBe(maskValues(text));
  });

  it("cuts what is too long to read, without letting a cut literal through", () => {
    const text = `Conversion failed when converting the varchar value '${"CANARY ".repeat(10_000)}' to data type int.`;
    expect(maskValues(text)).toBe("Conversion failed when converting the varchar value '…");
  });

  it("is fast on a hostile message", () => {
    for (const piece of ["value '", "' to data type", "'", '"', "@", "Field '", "value = ", "into column 'a', ", "("]) {
      const message = piece.repeat(100_000);
      expect(quickestMs(() => void maskValues(message), 500)).toBeLessThan(500);
    }
  });

  it("lets no value quoted anywhere inside those texts survive", () => {
    const texts = fc.constantFrom(...untouched, ...masked.map(([text]) => text));
    fc.assert(
      fc.property(texts, fc.nat(), quoted(), (text, position, value) => {
        const at = position % (text.length + 1);
        expect(maskValues(text.slice(0, at) + value + text.slice(at))).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });

  it("lets no value survive where MCE puts one, quotes and brackets in it or not", () => {
    fc.assert(
      fc.property(places(), awkward(), fc.boolean(), fc.nat(), (place, value, isCut, cut) => {
        const whole = place(value);
        const text = isCut ? whole.slice(0, whole.indexOf("CANARY") + 6 + (cut % 40)) : whole;
        // A cut before its last words leaves nothing that identifies this message.
        if (isCut && whole === `${value} is not a valid email address`) return;
        expect(maskValues(text)).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });
});

describe("shownMessage()", () => {
  const own: [message: string, shown: string][] = [
    [
      "MCE refuses the connection's credentials (HTTP 401): invalid_client: Use the endpoint of your tenant, 'x'",
      "MCE refuses the connection's credentials (HTTP 401): invalid_client: Use the endpoint of your tenant, '…'",
    ],
    [
      "Cannot do SOAP Create: MCE answered with a fault: Ann Lee is not a valid email address",
      "Cannot do SOAP Create: MCE answered with a fault: … is not a valid email address",
    ],
    ["Cannot use AUTH token: its instance URLs are not the tenant's", "same"],
    ["Cannot do SOAP Create: no answer within 5 ms", "same"],
    ["MCE refuses the connection's credentials (HTTP 403)", "same"],
    ["The connection's sub-domain is not a tenant's sub-domain", "same"],
    ["value 'Ann' is odd", "value '…"],
  ];
  it.each(titled(own))("keeps our own sentence: %s", (_, message, shown) => {
    expect(shownMessage({ message })).toBe(shown === "same" ? message : shown);
  });
});

/** A value in quotes, as a message would show it. */
function quoted(): fc.Arbitrary<string> {
  const plain = fc.stringMatching(/^[ -&(-~]{0,12}$/).filter((text) => !text.includes('"'));
  return fc.tuple(plain, plain).map(([before, after]) => `'${before}CANARY${after}'`);
}
