import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { given } from "#lang/given.ts";
import type { Random } from "../../sandbox/random.ts";
import type { Member } from "../history/read-run.ts";
import { watchRun, type Watcher } from "../history/watch-run.ts";
import { drawOrder, type Order } from "./orders.ts";
import type { Span } from "./stays.ts";

/** A run of a person; times are this machine's. */
export type Ordered = Member & {
  /** From the first request to the 202. */
  ordered: Span;
  overAt: number;
  client: Watcher;
  /** From the first request for its cancel to the answer; absent: none was sent, or none answered. */
  canceled?: Span;
};

/** Where a person works, and as whom. */
export type Desk = { url: string; mid: number; token: string; random: Random };

/** A run that was accepted, and how long that took. */
export type Accepted = { id: string; ordered: Span };

const View = z.looseObject({ id: z.string(), status: z.string() });

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
export async function work(
  desk: Desk & { name: string },
  until: AbortSignal,
  giveUp: AbortSignal,
): Promise<readonly Ordered[]> {
  const done: Ordered[] = [];
  while (!until.aborted) {
    const order = drawOrder(desk.random, `${desk.name}-${done.length}`);
    const accepted = await submit(desk, order, until);
    if (accepted !== undefined) done.push(await follow(desk, accepted, order, { giveUp }));
  }
  return done;
}

/** Follows an ordered run to its end, and cancels it when its order says so. */
export async function follow(
  desk: Desk,
  { id, ordered }: Accepted,
  order: Order,
  { giveUp, onStream }: { giveUp: AbortSignal; onStream?: (isOpen: boolean) => void },
): Promise<Ordered> {
  const { url, token, mid, random } = desk;
  const leaves = () => random.next() < leaveShare;
  const over = new AbortController();
  const canceling = cancelLater(desk, id, order, AbortSignal.any([giveUp, over.signal]));
  const client = await watchRun({ url, token, id, signal: giveUp, leaves, ...given({ onStream }) });
  over.abort();
  const { isAcknowledged: isCancelAcknowledged, ...canceled } = await canceling;
  const times = { ordered, overAt: Date.now(), ...canceled };
  return { id, mid, token, client, clients: [client], isCancelAcknowledged, ...times };
}

/**
 * Asks until the run is accepted: repeats name it by the same key, so that it is made once.
 *
 * @returns undefined when `until` aborts before
 */
export async function submit(desk: Desk, { body }: Order, until: AbortSignal): Promise<Accepted | undefined> {
  const from = Date.now();
  const headers = { "idempotency-key": crypto.randomUUID(), "content-type": "application/json" };
  while (!until.aborted) {
    const answer = await ask(desk, "/v1/runs", { body: JSON.stringify(body), headers }).catch(() => undefined);
    if (answer?.ok === true) return { id: answer.id, ordered: { from, to: Date.now() } };
    if (answer !== undefined && answer.status < 500 && answer.status !== 429)
      throw new Error(`Cannot order: the edge answers ${answer.status} ${answer.text}`);
    await sleep(retryMs);
  }
  return undefined;
}

/** @returns whether the cancel was acknowledged, before the run ended in another way, and how long it took */
async function cancelLater(
  desk: Desk,
  id: string,
  order: Order,
  stop: AbortSignal,
): Promise<{ isAcknowledged: boolean; canceled?: Span }> {
  if (order.cancelAfterMs === undefined) return { isAcknowledged: false };
  await sleep(order.cancelAfterMs, undefined, { signal: stop }).catch(() => undefined);
  const from = Date.now();
  while (!stop.aborted) {
    const answer = await ask(desk, `/v1/runs/${id}/cancel`, {}).catch(() => undefined);
    if (answer?.ok === true) return { isAcknowledged: answer.state === "canceled", canceled: { from, to: Date.now() } };
    await sleep(retryMs);
  }
  return { isAcknowledged: false };
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
  const { id, status } = View.parse(JSON.parse(text));
  return { ok: true as const, id, state: status };
}
