import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../src/worker/app.ts";
import { Bridge, columns, submit } from "./support/api.ts";
import { alice, bindings, tokenOf } from "./support/people.ts";

let objects = 0;
/** The Worker's bindings, with a count of how often an object is asked for. One for all tests: doors are kept by it. */
const counting: Env = {
  ...env,
  RUNS: new Proxy(env.RUNS, {
    get(runs, name) {
      if (name === "get") objects += 1;
      const value: unknown = Reflect.get(runs, name);
      return typeof value === "function" ? value.bind(runs) : value;
    },
  }),
};

/** What went to Marketing Cloud, how often an object was asked for, and what came, in the reading of one page. */
async function costOf(id: string, page: number) {
  const mce: string[] = [];
  objects = 0;
  const real = globalThis.fetch;
  const watching = vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url.startsWith(bindings["MCE_SANDBOX_URL"] ?? "none")) mce.push(new URL(url).pathname);
    return real(input, init);
  });
  try {
    const request = new Request(`https://edge.example/v1/runs/${id}/results?page=${page}`, {
      headers: { authorization: `Bearer ${await tokenOf(alice)}` },
    });
    const context = createExecutionContext();
    const answer = await app.fetch(request, counting, context);
    const body: unknown = await answer.json();
    await waitOnExecutionContext(context);
    return { mce, objects, status: answer.status, body };
  } finally {
    watching.mockRestore();
  }
}

describe("GET /v1/runs/{id}/results", () => {
  let id: string;
  beforeAll(async () => {
    id = (await submit("SELECT CustomerKey FROM Customers")).id;
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.report({ type: "ready", result: { customerKey: "Customers" }, columns, notes: [] });
    // Signs in, and has the snapshot remembered.
    await costOf(id, 1);
  });

  it.each([1, 2, 4])(
    "costs one call to Marketing Cloud and one touch of the object once the token is warm: page %i",
    async (page) => {
      const { mce, objects, status } = await costOf(id, page);
      expect([status, objects]).toEqual([200, 1]);
      expect(mce).toEqual([expect.stringContaining("/customobjectdata/token/")]);
    },
  );

  it("costs one call, too, where the rows are sorted here", async () => {
    const sorted = await submit("SELECT CustomerKey FROM Customers");
    const bridge = new Bridge(sorted.id);
    await bridge.perform();
    // A seeded table with rows of the numbers 1 to 12, as if the query had numbered them.
    const result = { customerKey: "order.v2", orderBy: "Select", isSortedHere: true };
    await bridge.report({ type: "ready", result, columns: [{ name: "Select", type: "Number" }], notes: [] });
    for (let time = 0; time < 2; time += 1) {
      const { mce, objects, status, body } = await costOf(sorted.id, 1);
      expect([status, objects]).toEqual([200, 1]);
      expect(mce).toEqual([expect.stringContaining("/customobjectdata/key/order.v2/")]);
      expect(body).toMatchObject({ totalRows: 12, rows: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((it) => [it]) });
    }
  });

  it("costs one call, too, where only SOAP gives the rows", async () => {
    const { id } = await submit("SELECT CustomerKey FROM Customers");
    const bridge = new Bridge(id);
    await bridge.perform();
    const result = { customerKey: "Customers", orderBy: "_customobjectkey", readBy: "soap" };
    await bridge.report({ type: "ready", result, columns, notes: [] });
    const { mce, objects, status } = await costOf(id, 2);
    expect([status, objects, mce]).toEqual([200, 1, ["/Service.asmx"]]);
  });
});
