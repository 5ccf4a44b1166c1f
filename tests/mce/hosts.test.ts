import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkInstanceUrl, hostsOf } from "../../src/mce/hosts.ts";
import { hostilePieces } from "./support/hostile-hosts.ts";
import { subdomain } from "./support/stand-in.ts";

const good = `https://${subdomain}.rest.marketingcloudapis.com`;

describe("hostsOf()", () => {
  it("builds the three hosts of a tenant", () => {
    expect(hostsOf(subdomain)).toEqual({
      auth: `https://${subdomain}.auth.marketingcloudapis.com`,
      rest: `https://${subdomain}.rest.marketingcloudapis.com`,
      soap: `https://${subdomain}.soap.marketingcloudapis.com`,
    });
  });

  it("puts the sandbox in place of all three", () => {
    const origin = "http://127.0.0.1:4711";
    expect(hostsOf("anything", `${origin}/`)).toEqual({ auth: origin, rest: origin, soap: origin });
  });

  it.each([
    "",
    "mc",
    "evil.example",
    "mc0000000000.evil.example/",
    "mc000000000000000@x",
    "MC00000000000000000000000000",
    "mc000000000000000-",
    `mc${"0".repeat(70)}`,
    "mc00000000000\n",
  ])("refuses %j as a sub-domain", (text) => {
    expect(hostsOf(text)).toBeUndefined();
  });

  it("sends the secret nowhere but to the tenant's own host, whatever the sub-domain", () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const auth = hostsOf(text)?.auth;
        if (auth !== undefined) expect(new URL(auth).hostname).toBe(`${text}.auth.marketingcloudapis.com`);
      }),
      { numRuns: 5000, seed: 2108 },
    );
  });
});

describe("checkInstanceUrl()", () => {
  it.each([
    good,
    `${good}/`,
    good.toUpperCase().replace("HTTPS", "https"),
    good.slice("https://".length),
    `${good.slice("https://".length)}/`,
  ])("takes %s", (url) => {
    expect(checkInstanceUrl(url, subdomain)).toBe(good);
  });

  it.each([
    ["plain http", good.replace("https", "http")],
    ["another tenant", good.replace(subdomain, "mc0000000000000000000000evil")],
    ["another domain", `https://${subdomain}.rest.evil.example`],
    ["the domain as a sub-domain", `${good}.evil.example`],
    ["a domain that only ends like it", `https://${subdomain}.restmarketingcloudapis.com`],
    ["no label between", `https://${subdomain}.marketingcloudapis.com`],
    ["a user", `https://evil@${subdomain}.rest.marketingcloudapis.com`],
    ["the host as a user", `${good}@evil.example/`],
    ["a port", `${good}:8443/`],
    ["a path", `${good}/x`],
    ["a query", `${good}?x`],
    ["a fragment", `https://evil.example#.${subdomain}.rest.marketingcloudapis.com`],
    ["an escape", `https://evil.example%2e${subdomain}.rest.marketingcloudapis.com`],
    ["a backslash", `https://evil.example\\.${subdomain}.rest.marketingcloudapis.com`],
    ["a trailing dot", `${good}.`],
    ["two dots", `https://${subdomain}..rest.marketingcloudapis.com`],
    ["an ideographic dot", good.replace(".com", "。com")],
    ["full width letters", good.replace("rest", "ｒｅｓｔ")],
    ["a Cyrillic letter", good.replace("marketing", "mаrketing")],
    ["IPv6", "https://[::1]/"],
    ["IPv4", "https://127.0.0.1/"],
    ["a number", "https://2130706433/"],
    ["IPv4 in hexadecimal", "https://0x7f000001/"],
    ["IPv4 in octal", "https://0177.0.0.1/"],
    ["an escaped at sign", `https://evil.example%40${subdomain}.rest.marketingcloudapis.com`],
    ["a soft hyphen", good.replace("marketing", "marketing\u00AD")],
    ["a very long host", `https://${subdomain}.${"a.".repeat(2000)}rest.marketingcloudapis.com.evil.example`],
    ["localhost", "http://localhost/"],
    ["a blank before", ` ${good}`],
    ["a line after", `${good}\n`],
    ["another scheme", `file://${subdomain}.rest.marketingcloudapis.com`],
    ["nothing", ""],
  ])("refuses %s", (_, url) => {
    expect(checkInstanceUrl(url, subdomain)).toBeUndefined();
  });

  it("with a sandbox takes exactly its origin", () => {
    const sandbox = "http://127.0.0.1:4711";
    expect(checkInstanceUrl(`${sandbox}/`, subdomain, sandbox)).toBe(sandbox);
    expect(checkInstanceUrl(sandbox, subdomain, `${sandbox}/`)).toBe(sandbox);
    for (const other of [
      good,
      "http://127.0.0.1:4712/",
      "http://localhost:4711/",
      `${sandbox}/x`,
      `${sandbox}@evil.example/`,
    ])
      expect(checkInstanceUrl(other, subdomain, sandbox)).toBeUndefined();
  });

  it("never lets a token leave for another host", () => {
    fc.assert(
      fc.property(hostile(), (url) => {
        const checked = checkInstanceUrl(url, subdomain);
        if (checked === undefined) return;
        const { protocol, hostname, port, username } = new URL(checked);
        expect({ protocol, port, username }).toEqual({ protocol: "https:", port: "", username: "" });
        expect(hostname.startsWith(`${subdomain}.`) && hostname.endsWith(".marketingcloudapis.com")).toBe(true);
      }),
      { numRuns: 5000, seed: 2109 },
    );
  });
});

/** An address that an attacker would try. */
function hostile(): fc.Arbitrary<string> {
  return fc.array(hostilePieces(subdomain), { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(""));
}
