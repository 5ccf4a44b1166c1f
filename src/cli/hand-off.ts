import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.ts";
import { Exit, exitCodes } from "./exit-code.ts";
import { visible } from "./format/visible.ts";
import type { KeptKey } from "./profiles.ts";
import { say } from "./terminal.ts";

/** The first poll comes early, for who is signed in there already; all the others as far apart as the engine says. */
const firstPollMs = 3000;

/**
 * Lets a person sign this command in, in a browser: shows an address and a code, and waits until the code is confirmed there.
 *
 * @param hint what else to tell the person first
 * @throws Exit at Ctrl-C; nobody is signed in then
 */
export async function handOff({ terminal, client, status, paint }: Context, hint?: string): Promise<KeptKey> {
  const leave = new AbortController();
  const { signal } = leave;
  const stop = terminal.onInterrupt(() => leave.abort(new Exit(exitCodes.interrupted)));
  try {
    const handoff = await client.openHandoff({ signal });
    if (hint !== undefined) await say(terminal, hint);
    await say(terminal, `Open this address in a browser: ${paint("bold", visible(handoff.verificationUrl))}`);
    await say(terminal, `Say yes only if it shows this code: ${paint("bold", visible(handoff.userCode))}`);
    status.show("waiting for you to confirm it there, for 10 minutes at most; Ctrl-C leaves");
    for (let waitMs = firstPollMs; ; waitMs = handoff.interval * 1000) {
      await sleep(waitMs, undefined, { signal });
      const answer = await client.pollHandoff(handoff, { signal });
      if (answer.status === "pending") continue;
      const { mid, keyId, key, expiresAt } = answer;
      return { mid, keyId, key, expiresAt };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    status.clear();
    await say(terminal, "Nobody was signed in");
    // The wait's own error only wraps the reason.
    throw signal.reason;
  } finally {
    stop();
    status.clear();
  }
}
