import { env, exports } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { pagePolicy } from "#api/security-headers.ts";
import type { AppEnv } from "../../src/worker/app-types.ts";
import { app } from "../../src/worker/app.ts";
import { readConfig } from "../../src/worker/config.ts";
import { consoleRoutes } from "../../src/worker/routes/console.ts";
import { securityHeaders } from "../../src/worker/security-headers.ts";
import { alice, bindings, tokenOf } from "./support/people.ts";

const data = "default-src 'none'; frame-ancestors 'none'";
const everywhere = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
};

/** The wanted headers of an answer, as it has them. */
function headersOf({ headers }: Response, ...names: string[]): Record<string, string | null> {
  return Object.fromEntries([...Object.keys(everywhere), ...names].map((name) => [name, headers.get(name)]));
}

const routes = [
  ...new Set(app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`)),
];

describe("an answer of the Worker", () => {
  it.each([...routes, "GET /nowhere", "OPTIONS /v1/runs"])(
    "to %s has its headers, for nobody and for a user",
    async (route) => {
      const [method = "", path = ""] = route.split(" ");
      const authorization = `Bearer ${await tokenOf(alice)}`;
      for (const headers of [{}, { authorization }]) {
        const url = `https://edge.example${path.replace(/:\w+/, "0".repeat(30))}`;
        const answer = await exports.default.fetch(new Request(url, { method, headers }));
        const said = headersOf(answer, "content-security-policy", "cache-control");
        const isPage = answer.headers.get("content-type")?.startsWith("text/html") === true;
        const isConsole = ["/runs/:id", "/settings", "/frame"].includes(path);
        // A stream may say more.
        expect(said).toEqual({
          ...everywhere,
          "content-security-policy": isPage ? expect.stringContaining("script-src 'self';") : data,
          // The console's page is the same file for everybody.
          "cache-control": expect.stringMatching(isConsole ? /^public, max-age=0, must-revalidate$/ : /^no-store\b/),
        });
        await answer.body?.cancel();
      }
    },
  );

  it("has them without its variables, too", async () => {
    const answer = await app.request("/v1/runs", {}, {});
    expect([answer.status, headersOf(answer, "cache-control")]).toEqual([
      503,
      { ...everywhere, "cache-control": "no-store" },
    ]);
  });
});

/** A Worker with pages of its own and of the static files, as one with these variables answers. */
async function page(path: string, variables: object): Promise<Response> {
  const pages = new Hono<AppEnv>();
  pages.use(securityHeaders);
  pages.use(async (c, next) => {
    c.set("config", readConfig({ ...bindings, ...variables }));
    await next();
  });
  pages.get("/own", (c) => c.html("<p>hello"));
  pages.route("/", consoleRoutes);
  pages.get("/kept", (c) => c.html("<p>hello", 200, { "content-security-policy": pagePolicy([]) }));
  return pages.request(`https://edge.example${path}`, {}, env);
}

describe("a page of the Worker", () => {
  it("loads, calls and frames what this says, and nothing else", () => {
    expect(pagePolicy([]).split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'self' https://*.auth.marketingcloudapis.com",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it.each(["/own", "/frame"])("is framed by nobody, or by whom SQE_FRAME_ANCESTORS names: %s", async (path) => {
    const policyOf = async (variables: object) => (await page(path, variables)).headers.get("content-security-policy");
    const ofNobody = await policyOf({});
    expect(ofNobody).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    expect(ofNobody).toMatch(/; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/);
    const hosts = "https://*.exacttarget.com, https://mc.example:8443";
    expect(await policyOf({ SQE_FRAME_ANCESTORS: hosts })).toBe(
      ofNobody?.replace(
        "frame-ancestors 'none'",
        "frame-ancestors 'self' https://*.exacttarget.com https://mc.example:8443",
      ),
    );
    // Marketing Cloud's sign-in is reached by a redirect of a form, and in development the sandbox's.
    const forms = `form-action 'self' https://*.auth.marketingcloudapis.com ${bindings["MCE_SANDBOX_URL"]};`;
    expect(ofNobody).toContain(forms);
  });

  it.each(["/settings", "/runs/r1"])("at %s is the console in a tab, which nobody frames", async (path) => {
    const answer = await page(path, { SQE_FRAME_ANCESTORS: "https://mc.example" });
    expect([answer.status, answer.headers.get("content-security-policy")]).toEqual([200, pagePolicy([])]);
  });

  it("keeps a policy that its route has set, whatever the setting says", async () => {
    const answer = await page("/kept", { SQE_FRAME_ANCESTORS: "https://mc.example" });
    expect(answer.headers.get("content-security-policy")).toBe(pagePolicy([]));
  });

  it.each(["*", "exacttarget.com", "https://*", "http://mc.example", "https://mc.example/x", "https://a.*.example"])(
    "may not be framed by SQE_FRAME_ANCESTORS=%s, which is refused at the start",
    (SQE_FRAME_ANCESTORS) => {
      expect(() => readConfig({ ...bindings, SQE_FRAME_ANCESTORS })).toThrow("SQE_FRAME_ANCESTORS is not usable");
    },
  );
});

describe("a static file", () => {
  const files = JSON.parse(bindings["TEST_SITE_FILES"] ?? "[]") as string[];

  it("is read by pages of other origins only when it is the client", async () => {
    const readable = async (name: string) => {
      const answer = await env.ASSETS.fetch(`https://edge.example/${name}`, {
        headers: { origin: "https://x.example" },
      });
      await answer.body?.cancel();
      return answer.headers.get("access-control-allow-origin");
    };
    const found = await Promise.all(files.map(async (name) => ((await readable(name)) === null ? [] : [name])));
    expect(found.flat()).toEqual(["client/sqe.js"]);
    expect(await readable("client/sqe.js")).toBe("*");
  });

  it.each(files.filter((name) => name !== "_headers"))(
    "%s has the headers of a page that nobody frames",
    async (name) => {
      const path = name.replace(/(^|\/)index\.html$/, "$1");
      const answer = await env.ASSETS.fetch(`https://edge.example/${path}`);
      await answer.body?.cancel();
      expect([answer.status, headersOf(answer, "content-security-policy", "permissions-policy")]).toEqual([
        200,
        {
          ...everywhere,
          "content-security-policy": pagePolicy([]),
          "permissions-policy": "clipboard-write=(self)",
        },
      ]);
    },
  );
});
