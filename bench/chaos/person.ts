import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Random } from "../../sandbox/random.ts";
import type { Member } from "../history/read-run.ts";
import { watchRun } from "../history/watch-run.ts";
import { drawOrder, type Order } from "./orders.ts";

/** A run of a person, and when it was accepted and left, by this machine's clock. */
export type Ordered = Member & { acceptedAt: number; overAt: number };

/** Where a person works, and as whom. */
export type Desk = { url: string; mid: number; token: string; name: string; random: Random };

const Accepted = z.looseObject({ id: z.string(), status: z.string() });

const retryMs = 400;
const askMs = 15_000;
/** A page is reloaded or closed now and then. */
const leaveShare = 0.1;

/**
 * Orders one run after another, and follows each to its end; some are canceled.
 *
 * @param until aborts when nothing more is to be ordered
 * @param giveUp aborts when what was ordered is not waited for any longer
 */
export async function work(desk: Desk, until: AbortSignal, giveUp: AbortSignal): Promise<readonly Ordered[]> {
  const done: Ordered[] = [];
  while (!until.aborted) {
    const order = drawOrder(desk.random, `${desk.name}-${done.length}`);
    const id = await submit(desk, order, until);
    if (id === undefined) continue;
    const acceptedAt = Date.now();
    const { url, token, mid, random } = desk;
    const leaves = () => random.next() < leaveShare;
    const over = new AbortController();
    const canceling = cancelLater(desk, id, order, AbortSignal.any([giveUp, over.signal]));
    const client = await watchRun({ url, token, id, signal: giveUp, leaves });
    over.abort();
    const isCancelAcknowledged = await canceling;
    done.push({ id, mid, token, clients: [client], isCancelAcknowledged, acceptedAt, overAt: Date.now() });
  }
  return done;
}

/** Asks until the run is accepted: repeats name it by the same key, so that it is made once. */
async function submit(desk: Desk, { body }: Order, until: AbortSignal): Promise<string | undefined> {
  const headers = { "idempotency-key": crypto.randomUUID(), "content-type": "application/json" };
  while (!until.aborted) {
    const answer = await ask(desk, "/v1/runs", { body: JSON.stringify(body), headers }).catch(() => undefined);
    if (answer?.ok === true) return answer.id;
    if (answer !== undefined && answer.status < 500 && answer.status !== 429)
      throw new Error(`Cannot order: the edge answers ${answer.status} ${answer.text}`);
    await sleep(retryMs);
  }
  return undefined;
}

/** @returns whether the cancel was acknowledged, before the run ended in another way */
async function cancelLater(desk: Desk, id: string, order: Order, stop: AbortSignal): Promise<boolean> {
  if (order.cancelAfterMs === undefined) return false;
  await sleep(order.cancelAfterMs, undefined, { signal: stop }).catch(() => undefined);
  while (!stop.aborted) {
    const answer = await ask(desk, `/v1/runs/${id}/cancel`, {}).catch(() => undefined);
    if (answer?.ok === true) return answer.state === "canceled";
    await sleep(retryMs);
  }
  return false;
}

async function ask(
  { url, token }: Desk,
  path: string,
  { body, headers = {} }: { body?: string; headers?: Record<string, string> },
) {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: AbortSignal.timeout(askMs),
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok) return { ok: false as const, status: answer.status, text };
  const { id, status } = Accepted.parse(JSON.parse(text));
  return { ok: true as const, id, state: status };
}
