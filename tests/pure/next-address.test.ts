import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNext } from "../../src/worker/auth/next-address.ts";

const ours = "https://sqe.example";

describe("readNext()", () => {
  it.each([
    ["/auth/account", "/auth/account"],
    ["/?sql=SELECT%201", "/?sql=SELECT%201"],
    ["/a//b", "/a//b"],
    [undefined, "/"],
    ["", "/"],
    ["console", "/"],
    ["https://evil.example/", "/"],
    ["//evil.example", "/"],
    [String.raw`/\evil.example`, "/"],
    ["/\t/evil.example", "/"],
    // An address of ours whose path alone is another site's address.
    ["/.//evil.example", "/"],
    ["/%2e//evil.example", "/"],
    ["/x/..//evil.example/?a=b", "/"],
    [String.raw`/.\\evil.example`, "/"],
  ])("leads from %j to %j", (text, next) => {
    expect(readNext(text, ours)).toBe(next);
  });

  it("leads to no other site, whatever the text", () => {
    const piece = fc.constantFrom(
      "/",
      "//",
      "\\",
      ".",
      "..",
      "%2e",
      "%2f",
      "%5c",
      "\t",
      "\n",
      " ",
      "@",
      ":",
      "?",
      "#",
      "x",
      "evil.example",
      "https:",
      "javascript:",
      "[::1]",
      "。",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const next = readNext(`/${pieces.join("")}`, ours);
        expect(next.startsWith("/")).toBe(true);
        // As a browser resolves the header Location.
        expect(new URL(next, `${ours}/auth/callback`).origin).toBe(ours);
      }),
      { numRuns: 5000, seed: 20 },
    );
  });
});
