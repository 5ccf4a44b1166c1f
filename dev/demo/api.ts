import { z } from "zod";

const Column = z.object({ name: z.string(), type: z.string() });
const RunBody = z.object({
  id: z.string(),
  status: z.enum(["queued", "running", "ready", "failed", "canceled"]),
  phase: z.string().optional(),
  version: z.int(),
  expiresAt: z.string().optional(),
  rowCount: z.int().optional(),
  columns: z.array(Column).optional(),
  error: z.object({ title: z.string(), detail: z.string(), mce: z.string().optional() }).optional(),
  notes: z.array(z.string()).optional(),
  links: z.object({ events: z.string(), results: z.string(), cancel: z.string() }),
});
export type DemoRun = z.infer<typeof RunBody>;

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const PageBody = z.object({
  columns: z.array(Column),
  rows: z.array(z.array(Cell)),
  page: z.int(),
  pages: z.int(),
  totalRows: z.int(),
});
export type DemoPage = z.infer<typeof PageBody>;

export type DemoQuery = { sql: string; snippetName: string; target?: { customerKey: string; mode: "overwrite" } };

/** The public API as one user sees it. */
export type Api = {
  /** Submits a SELECT. */
  submit(query: DemoQuery): Promise<DemoRun>;
  /** Yields the run at each event of the server, until the run is over. */
  events(run: DemoRun): AsyncGenerator<DemoRun>;
  /** Reads the first page of the rows. */
  firstPage(run: DemoRun): Promise<DemoPage>;
  /** Cancels the run. */
  cancel(run: DemoRun): Promise<void>;
};

/** Opens the API; a refused call throws with the server's text. */
export function openApi(edge: string, token: string): Api {
  const authorization = `Bearer ${token}`;
  const call = async (what: string, path: string, body?: unknown) => {
    const headers = { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const sent = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${edge}${path}`, sent);
    if (!response.ok) throw new Error(`Cannot ${what}: the API answers ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    submit: async (query) => {
      const response = await call("submit the query", "/v1/runs", query);
      return RunBody.parse(await response.json());
    },
    events: async function* (run) {
      const response = await call("follow the run", run.links.events);
      for await (const { event, data } of readEvents(response)) {
        if (event === "end") return;
        if (event === "run") yield RunBody.parse(JSON.parse(data));
      }
    },
    firstPage: async (run) => {
      const response = await call("read the rows", `${run.links.results}?page=1`);
      return PageBody.parse(await response.json());
    },
    cancel: async (run) => {
      await call("cancel the run", run.links.cancel, {});
    },
  };
}

/** Splits a response into server-sent events; comments and `retry:` are skipped. */
async function* readEvents({ body }: Response): AsyncGenerator<{ event: string; data: string }> {
  if (body === null) return;
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split("\n\n");
    text = frames.pop() ?? "";
    for (const frame of frames) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(frame)?.[1] ?? "";
      yield { event: field("event"), data: field("data") };
    }
  }
}
