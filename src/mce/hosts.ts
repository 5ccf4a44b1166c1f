/** The origins of a tenant's three services, without a trailing slash. */
export type Hosts = { auth: string; rest: string; soap: string };

/**
 * The documented form is "mc" and 26 more characters (MCE 1.1). The exact length is unproven, so it only has to be one
 * DNS label that begins with "mc".
 */
const subdomainForm = /^mc[a-z0-9-]{9,60}[a-z0-9]$/;

/** A bare host, with or without scheme and slash: no user, port, path, query, escape or IDN matches. */
const instanceForm = /^(?:https:\/\/)?([a-z0-9.-]+)\/?$/i;

const labelsForm = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Builds the hosts of a tenant. The text that a user typed never becomes a URL unchecked.
 *
 * @param sandboxUrl development only: replaces all three
 * @returns undefined for a text that is not a tenant sub-domain
 */
export function hostsOf(subdomain: string, sandboxUrl?: string): Hosts | undefined {
  if (sandboxUrl !== undefined) {
    const { origin } = new URL(sandboxUrl);
    return { auth: origin, rest: origin, soap: origin };
  }
  if (!subdomainForm.test(subdomain)) return undefined;
  const host = (service: string) => `https://${subdomain}.${service}.marketingcloudapis.com`;
  return { auth: host("auth"), rest: host("rest"), soap: host("soap") };
}

/**
 * Checks an instance URL of a token answer, because the token is sent there.
 *
 * @returns the origin to call; undefined unless it is https on *.marketingcloudapis.com under the same sub-domain
 *   or, with a sandbox, exactly the sandbox's origin
 */
export function checkInstanceUrl(value: string, subdomain: string, sandboxUrl?: string): string | undefined {
  if (sandboxUrl !== undefined) {
    const { origin } = new URL(sandboxUrl);
    return value === origin || value === `${origin}/` ? origin : undefined;
  }
  const host = instanceForm.exec(value)?.[1]?.toLowerCase();
  const head = `${subdomain}.`;
  const tail = ".marketingcloudapis.com";
  if (!subdomainForm.test(subdomain) || host === undefined) return undefined;
  if (!host.startsWith(head) || !host.endsWith(tail)) return undefined;
  if (!labelsForm.test(host.slice(head.length, -tail.length))) return undefined;
  return `https://${host}`;
}
