import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { chromiumTest, openBrowser, openPage } from "./support/chromium.ts";
import { useSharedStack } from "./support/share-stack.ts";

// What somebody outside starts from: the API page and the examples, each as it stands.
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const run = promisify(execFile);
const sql = "SELECT TOP 2 CustomerKey, Country FROM Customers ORDER BY CustomerKey";
const page = "CustomerKey\tCountry\nCK-000001\tDE\nCK-000004\tES\n";

/** A browser on a busy machine takes its time. */
const browserMs = 180_000;

const stack = useSharedStack();

const isThere = (program: string) =>
  run(program, ["--version"]).then(
    () => true,
    () => false,
  );

describe("examples", () => {
  it.each([
    ["run.sh", "sh", ["curl", "jq"]],
    ["run.mjs", process.execPath, []],
    ["run.py", "python3", ["python3"]],
  ])("%s prints the first page", async (file, program, needed) => {
    for (const name of needed) if (!(await isThere(name))) return console.log(`Skipped ${file}: there is no ${name}`);
    const env = { PATH: process.env["PATH"], SQE_URL: stack.edge, SQE_TOKEN: stack.tokens.alice };
    const { stdout } = await run(program, [examples + file, sql], { env });
    expect(stdout).toBe(page);
    const refused = await run(program, [examples + file, "DELETE FROM Customers"], { env }).catch(String);
    expect(refused).toContain("SQL_REJECTED");
    return undefined;
  });

  chromiumTest(
    "run.html shows the first page, from another port of this machine",
    async () => {
      const html = await readFile(`${examples}run.html`);
      const server = createServer((_, answer) => void answer.writeHead(200, { "content-type": "text/html" }).end(html));
      await once(server.listen(0, "127.0.0.1"), "listening");
      onTestFinished(() => void server.close());
      const browser = await openBrowser();
      onTestFinished(() => browser.close());
      const address = server.address();
      const { page: tab } = await openPage(
        browser,
        `http://127.0.0.1:${typeof address === "object" && address?.port}/`,
      );
      await tab.getByLabel("Address").fill(stack.edge);
      await tab.getByLabel("Token").fill(stack.tokens.alice);
      await tab.getByLabel("SQL").fill(sql);
      await tab.getByRole("button").click();
      await tab.getByRole("cell", { name: "CK-000004" }).waitFor();
      expect(await tab.locator("tr").allInnerTexts()).toEqual(page.trim().split("\n"));
    },
    browserMs,
  );
});

describe("/docs/", () => {
  chromiumTest(
    "shows every call and tries one, without anything the policy refuses",
    async () => {
      const browser = await openBrowser();
      onTestFinished(() => browser.close());
      const { page: tab, complaints } = await openPage(browser, `${stack.edge}/docs/`);
      await tab.locator(".opblock").first().waitFor();
      const document = await (await fetch(`${stack.edge}/openapi.json`)).json();
      const calls = Object.values<object>(document.paths).flatMap((methods) => Object.keys(methods));
      expect(await tab.locator(".opblock").count()).toBe(calls.length);

      const health = tab.locator(".opblock", { hasText: "/healthz" });
      await health.click();
      await health.getByRole("button", { name: "Execute" }).click();
      await health.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
      expect(complaints()).toEqual([]);
    },
    browserMs,
  );

  it("and all static files carry the policy", async () => {
    for (const path of ["/docs/", "/openapi.json", "/docs/start.js"]) {
      const { headers } = await fetch(stack.edge + path);
      expect([path, headers.get("content-security-policy")]).toEqual([
        path,
        expect.stringMatching(/^default-src 'none'.*trusted-types 'none'$/),
      ]);
    }
  });

  it("is no fallback: a file that is not there is the Worker's 404", async () => {
    const answer = await fetch(`${stack.edge}/assets/gone.js`);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      404,
      "application/problem+json",
      "no-store",
    ]);
  });
});
