import { openLoopbackServer, type Answer, type Server } from "../../../dev/stand-ins/loopback-server.ts";

/** What Cloudflare's API was sent, in order. */
type Call = { method: string; path: string; body: string };
export type Cloudflare = Server & {
  calls: Call[];
  /** Variables for wrangler: this account and nothing of the machine's own. */
  environment: Record<string, string>;
};

/** Opens what stands in for Cloudflare's API, with an account that has no Worker yet: it says yes to everything. */
export async function openCloudflare(): Promise<Cloudflare> {
  const calls: Call[] = [];
  const server = await openLoopbackServer(0, async ({ method, url, body }) => {
    calls.push({ method, path: url.pathname, body });
    return answerTo(method, url.pathname);
  });
  const environment = {
    CLOUDFLARE_API_BASE_URL: server.url,
    CLOUDFLARE_API_TOKEN: "token-of-cloudflare",
    CLOUDFLARE_ACCOUNT_ID: "account-1",
  };
  return { ...server, calls, environment };
}

function answerTo(method: string, path: string): Answer {
  const ok = (result: unknown) => ({ status: 200, body: { success: true, result, errors: [], messages: [] } });
  if (method === "GET" && /\/(services|scripts)\/[^/]+$/.test(path)) {
    const errors = [{ code: 10_090, message: "This Worker does not exist on your account" }];
    return { status: 404, body: { success: false, result: null, errors, messages: [] } };
  }
  if (method === "GET" && path.endsWith("/deployments")) return ok({ deployments: [] });
  if (path.endsWith("/subdomain")) return ok({ subdomain: "example", enabled: true, previews_enabled: false });
  if (method === "GET" && /\/(zones|domains|records|secrets|routes|schedules)$/.test(path)) return ok([]);
  if (path.endsWith("/changeset")) return ok({ added: [], removed: [], updated: [], conflicting: [] });
  // No bucket: as if the account had all static files from earlier.
  if (path.endsWith("/assets-upload-session")) return ok({ jwt: "token-of-assets", buckets: [] });
  const subdomain = { enabled: true, previews_enabled: false };
  return ok({ id: "shell-query-engine", etag: "1", deployment_id: "d1", startup_time_ms: 1, subdomain });
}
