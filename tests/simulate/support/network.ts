import { RunId } from "#protocol/ids.ts";
import type { VirtualClock } from "../../calm/support/virtual-clock.ts";
import type { Life } from "./life.ts";
import type { BridgeReply } from "./bridge-door.ts";
import type { RunObjects } from "./run-objects.ts";

/** What happens to one request on its way between a bridge and the edge. */
export type Fate =
  | { kind: "answered"; delayMs: number }
  /** It never arrives. */
  | { kind: "lost" }
  /** It arrives; the answer does not. */
  | { kind: "unanswered"; delayMs: number }
  /** It arrives a second time, so much later. */
  | { kind: "repeated"; delayMs: number; againMs: number };

/** As in clients.ts. */
const timeoutMs = 10_000;

/** What a request was, for the code that watches. */
export type Heard = { id: RunId; verb: string; body: string; reply: BridgeReply; isLate: boolean; epoch: number };

/**
 * The way from bridges to the run objects.
 *
 * @param fateOf what happens to the next request
 * @param onHeard called for each request that an object has answered; `epoch` is the run's when it came
 */
export function openNetwork(
  clock: VirtualClock,
  objects: RunObjects,
  fateOf: (verb: string) => Fate,
  onHeard: (heard: Heard) => void,
) {
  const wall = clock.platform(fetch);

  async function arrive(id: RunId, verb: string, body: string, delayMs: number, isLate = false): Promise<BridgeReply> {
    await wall.sleep(delayMs);
    const epoch = objects.record(id)?.run.epoch ?? 0;
    const reply = objects.answer({ id, verb, body });
    onHeard({ id, verb, body, reply, isLate, epoch });
    return reply;
  }

  async function carry(id: RunId, verb: string, body: string): Promise<BridgeReply> {
    const fate = fateOf(verb);
    const never = () => new Promise<never>(() => {});
    switch (fate.kind) {
      case "lost":
        return never();
      case "unanswered":
        void arrive(id, verb, body, fate.delayMs);
        return never();
      case "repeated":
        void arrive(id, verb, body, fate.delayMs + fate.againMs, true);
        return arrive(id, verb, body, fate.delayMs);
      case "answered":
        return arrive(id, verb, body, fate.delayMs);
    }
  }

  /** @throws at the time-out, and when the caller gives up */
  return (life: Life, path: string, body: string, signal?: AbortSignal): Promise<BridgeReply> => {
    const [, , , id = "", verb = ""] = path.split("/");
    return life.effect(`edge ${verb}`, () => {
      const over = AbortSignal.any([life.platform.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
      const givenUp = new Promise<never>((_, reject) => {
        const giveUp = () => reject(new TypeError("fetch failed"));
        if (over.aborted) giveUp();
        over.addEventListener("abort", giveUp, { once: true });
      });
      return Promise.race([carry(RunId.parse(id), verb, body), givenUp]);
    });
  };
}
