import { createClient, type Client, type ClientOptions } from "#client/client.ts";
import { bearer } from "../session/bearer.ts";
import { loseSession } from "../session/lose-session.ts";

/** The page's door to the API. A call that is refused as not signed in shows the sign-in over the page. */
export function engine(options: Pick<ClientOptions, "onRetry" | "patienceMs"> = {}): Client {
  const token = bearer();
  return createClient({ ...options, ...(token !== undefined && { token }), fetch: watchedFetch });
}

/** Ends every call when the browser has lost the network: a stream would look alive until it is silent for too long. */
let line = new AbortController();
function cutLine(): void {
  line.abort(new TypeError("The network is lost"));
  line = new AbortController();
}
// Tests read this file where there is no page.
if (typeof addEventListener === "function") addEventListener("offline", cutLine);

const watchedFetch: typeof fetch = async (input, init) => {
  const signals = init?.signal ? [line.signal, init.signal] : [line.signal];
  const answer = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
  if (answer.status === 401) loseSession();
  return answer;
};
