import { createClient, type Client, type ClientOptions } from "#client/client.ts";
import { bearer } from "../session/bearer.ts";
import { loseSession } from "../session/lose-session.ts";

/** The page's door to the API. A call that is refused as not signed in shows the sign-in over the page. */
export function engine(options: Pick<ClientOptions, "onRetry" | "patienceMs"> = {}): Client {
  const token = bearer();
  return createClient({ ...options, ...(token !== undefined && { token }), fetch: watchedFetch });
}

const watchedFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (answer.status === 401) loseSession();
  return answer;
};
