import { describe, expect, it } from "vitest";
import { loginAddress, readSubdomain } from "#console/session/subdomain.ts";

describe("readSubdomain()", () => {
  it.each([
    ["mc563885gzs27c5t9-63k636ttgm", "mc563885gzs27c5t9-63k636ttgm"],
    [" https://MC563885.rest.marketingcloudapis.com/ ", "mc563885"],
    ["mc563885.auth.marketingcloudapis.com", "mc563885"],
    ["http://mc563885/", "mc563885"],
    ["", undefined],
    ["my company", undefined],
    ["https://", undefined],
  ])("takes %j as %j", (text, subdomain) => {
    expect(readSubdomain(text)).toBe(subdomain);
  });
});

describe("loginAddress()", () => {
  it("names the subdomain, when there is one, and where to come back to", () => {
    expect(loginAddress("mc1", "/runs/r1")).toBe("/auth/login?subdomain=mc1&return=%2Fruns%2Fr1");
    expect(loginAddress(undefined, "/")).toBe("/auth/login?return=%2F");
  });
});
