import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { quantile } from "../stack/figures.ts";
import { openUser } from "../stack/user.ts";
import type { Figure } from "./figure.ts";

const slowReaders = 50;

/**
 * Numbered events to the object of one run, as a bridge sends them, while clients follow the run that read nothing; then the
 * run is canceled, and one that reads has to hear so at once. The bridge of the stack is fenced by our claim.
 */
export async function events(stack: BenchStack, count: number): Promise<Figure[]> {
  const { edge, tokens } = stack.file();
  await stack.control("clock", { speed: 0.000_1 });
  try {
    const user = openUser(edge, tokens.alice);
    const { id } = await user.submit("SELECT TOP 5 CustomerKey FROM Customers");
    const idle = await Promise.all(
      Array.from({ length: slowReaders }, () => followWithoutReading(edge, tokens.alice, id)),
    );
    const say = bridgeOf(edge, await secretOf(stack), id);
    const { epoch, seq } = (await (await say("claim", { claimId: crypto.randomUUID() })).json()) as Record<
      string,
      number
    >;
    const took: number[] = [];
    let refused = 0;
    for (let n = 1; n <= count; n += 1) {
      const note = { state: "intended", asset: "dataExtension", attempt: (n % 9) + 1, customerKey: `load-${n % 9}` };
      const from = performance.now();
      const answer = await say("transitions", { epoch, seq: Number(seq) + n, type: "noted", note });
      took.push(performance.now() - from);
      await answer.arrayBuffer();
      refused += answer.ok ? 0 : 1;
    }
    const readFrom = performance.now();
    await user.read(id);
    const readMs = performance.now() - readFrom;
    const followed = user.follow(id);
    await sleep(500);
    const canceledAt = Date.now();
    await user.cancel(id);
    const heardMs = (await followed).at - canceledAt;
    for (const socket of idle) socket.destroy();
    return [
      { name: `events: ${count} to one object; refused`, value: refused, unit: "", atMost: 0 },
      { name: "events: 99 of 100 are answered in", value: quantile(took, 0.99), unit: "ms", atMost: 100 },
      { name: "events: the last hundred, compared with the first", value: slowdownOf(took), unit: "times", atMost: 3 },
      { name: "events: then the run is read in", value: readMs, unit: "ms", atMost: 500 },
      {
        name: `events: beside ${slowReaders} who do not read, a reader hears of the end in`,
        value: heardMs,
        unit: "ms",
        atMost: 1000,
      },
    ];
  } finally {
    await stack.control("clock", { speed: 1 });
  }
}

function slowdownOf(took: readonly number[]): number {
  return quantile(took.slice(-100), 0.5) / quantile(took.slice(0, 100), 0.5);
}

/** A client whose socket is never read from. */
async function followWithoutReading(edge: string, token: string, id: string): Promise<Socket> {
  const { hostname, port } = new URL(edge);
  const socket = connect(Number(port), hostname).pause();
  await once(socket, "connect");
  socket.write(`GET /v1/runs/${id}/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  socket.on("error", () => undefined);
  return socket;
}

async function secretOf(stack: BenchStack): Promise<string> {
  return /^BRIDGE_SECRET=(.*)$/m.exec(await readEnvironment(stack.dir, "bridge"))?.[1] ?? "";
}

function bridgeOf(edge: string, secret: string, id: string): (action: string, body: object) => Promise<Response> {
  return async (action, content) => {
    const path = `/bridge/runs/${id}/${action}`;
    const [body, timestamp] = [JSON.stringify(content), String(Date.now())];
    const signature = await sign(secret, { method: "POST", path, timestamp, body });
    const headers = { [timestampHeader]: timestamp, [signatureHeader]: signature };
    return fetch(`${edge}${path}`, { method: "POST", body, headers });
  };
}
