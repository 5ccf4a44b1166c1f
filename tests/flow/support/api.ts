import { z } from "zod";
import type { Column } from "#protocol/column.ts";
import { isOver } from "#protocol/run-status.ts";
import type { RunView } from "#run/view.ts";
import { openContract, type ApiDocument, type Contract } from "../../support/contract.ts";
import { countAnswer } from "../../support/counted-answers.ts";
import { readFrames } from "../../support/sse.ts";
import type { SharedStack } from "./stack.ts";

export type Page = {
  source?: "target";
  columns: Column[];
  rows: (string | number | boolean | null)[][];
  page: number;
  pages: number;
  totalRows: number;
  accessibleRows: number;
  truncated: boolean;
};

/** The public API of a stack as one of its people. */
export type Api = ReturnType<typeof openApi>;

async function readContract(edge: string): Promise<Contract> {
  const answer = await fetch(`${edge}/openapi.json`);
  return openContract((await answer.json()) as ApiDocument, countAnswer);
}

export function openApi(stack: SharedStack, person: "alice" | "bob" | "carol" = "alice") {
  const authorization = `Bearer ${stack.tokens[person]}`;
  let opened: Promise<Contract> | undefined;
  /** Every answer is held against the document. */
  const contract = () => (opened ??= readContract(stack.edge));
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("authorization", authorization);
    const answer = await fetch(`${stack.edge}${path}`, { ...init, headers });
    await (await contract()).check(init.method ?? "GET", path, answer);
    return answer;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    call(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers });
  // The shapes are DESIGN 3's; the tests assert what they read of them.
  const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

  async function submit(
    sql: string,
    rest: { snippetName?: string; total?: boolean; parameters?: unknown } = {},
  ): Promise<RunView> {
    const answer = await post("/v1/runs", { sql, ...rest });
    if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`);
    return json(answer);
  }

  /** Opens the events after a version; from the very first one when none is given. */
  async function follow(id: string, lastEventId = "0") {
    const answer = await call(`/v1/runs/${id}/events`, { headers: { "last-event-id": lastEventId } });
    if (answer.status !== 200) throw new Error(`no events: ${answer.status} ${await answer.text()}`);
    return readFrames(answer);
  }

  return {
    call,
    post,
    submit,
    follow,
    read: async (id: string): Promise<RunView> => json(await call(`/v1/runs/${id}`)),
    /** Follows a run to its end, as a browser does: a stream that ends before the run is opened again. */
    over: async (id: string): Promise<RunView> => {
      for (let lastEventId = "0"; ;) {
        const frames = (await (await follow(id, lastEventId)).rest()).filter(({ event }) => event === "run");
        for (const { data = "" } of frames) (await contract()).checkValue("Run", JSON.parse(data));
        const last = frames.at(-1);
        const run = z.custom<RunView>().parse(JSON.parse(last?.data ?? "{}"));
        if (last !== undefined && isOver(run.status)) return run;
        lastEventId = last?.id ?? lastEventId;
      }
    },
    page: async (id: string, page: number): Promise<Page> => json(await call(`/v1/runs/${id}/results?page=${page}`)),
    cancel: async (id: string): Promise<RunView> => json(await post(`/v1/runs/${id}/cancel`, "")),
  };
}
