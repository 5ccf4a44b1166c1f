import { z } from "zod";

const Run = z.looseObject({
  id: z.string(),
  status: z.enum(["queued", "running", "ready", "failed", "canceled"]),
  phase: z.string().optional(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  queuePosition: z.int().optional(),
  error: z.looseObject({ code: z.string(), detail: z.string(), mce: z.string().optional() }).optional(),
});
type BenchRun = z.infer<typeof Run>;

/** A run as its user received it; times are this machine's. `versions` in the order received, to check that none is missing. */
export type Followed = { run: BenchRun; at: number; versions: number[] };

export type Target = { customerKey: string; mode: "overwrite" | "append" | "update" };

/** `onStream` is called when a stream of a run opens and when it closes; `signal` stops following the run. */
type Listening = { onStream?: (isOpen: boolean) => void; signal?: AbortSignal };

/** One user of the public API. */
export type User = {
  submit(sql: string, target?: Target): Promise<BenchRun>;
  /** Follows a run by SSE until it is over. */
  follow(id: string, listening?: Listening): Promise<Followed>;
  read(id: string): Promise<BenchRun>;
  cancel(id: string): Promise<void>;
  call(path: string): Promise<Response>;
};

const comeBackMs = 200;

/** Opens the API of a stack; a refusal is thrown with its text. */
export function openUser(edge: string, token: string): User {
  const authorization = `Bearer ${token}`;
  const call = (path: string, signal?: AbortSignal) =>
    fetch(`${edge}${path}`, { headers: { authorization }, ...(signal === undefined ? {} : { signal }) });
  return {
    call,
    read: async (id) => Run.parse(await (await call(`/v1/runs/${id}`)).json()),
    async cancel(id) {
      const answer = await fetch(`${edge}/v1/runs/${id}/cancel`, { method: "POST", headers: { authorization } });
      if (!answer.ok) throw new Error(`Cannot cancel run "${id}": ${answer.status}`);
    },
    async submit(sql, target) {
      const headers = { authorization, "content-type": "application/json" };
      const body = JSON.stringify({ sql, ...(target === undefined ? {} : { target }) });
      const answer = await fetch(`${edge}/v1/runs`, { method: "POST", headers, body });
      if (answer.status !== 202) throw new Error(`Cannot submit: ${answer.status} ${await answer.text()}`);
      return Run.parse(await answer.json());
    },
    async follow(id, { onStream, signal } = {}) {
      const versions: number[] = [];
      for (;;) {
        try {
          // The edge closes a stream after a while; the client then asks for what follows.
          const answer = await call(`/v1/runs/${id}/events?after=${versions.at(-1) ?? 0}`, signal);
          onStream?.(true);
          try {
            for await (const data of dataOf(answer)) {
              const run = Run.parse(JSON.parse(data));
              versions.push(run.version);
              if (run.status !== "queued" && run.status !== "running") return { run, at: Date.now(), versions };
            }
          } finally {
            onStream?.(false);
          }
        } catch (error) {
          // A broken connection is a TypeError; a browser's EventSource reconnects after a delay, too.
          if (!(error instanceof TypeError)) throw error;
          await new Promise((resolve) => setTimeout(resolve, comeBackMs));
        }
      }
    },
  };
}

/** The data of each `run` event of a stream. */
async function* dataOf({ body, status }: Response): AsyncGenerator<string> {
  if (body === null || status !== 200) throw new Error(`Cannot follow a run: ${status}`);
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const frames = (text + chunk).split("\n\n");
    text = frames.pop() ?? "";
    for (const frame of frames) {
      const data = /^event: run$/m.test(frame) ? /^data: (.*)$/m.exec(frame)?.[1] : undefined;
      if (data !== undefined) yield data;
    }
  }
}
