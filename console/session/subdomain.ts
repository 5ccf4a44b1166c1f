/**
 * Reads the subdomain of what people paste: itself, or any address of Marketing Cloud that begins with it, such as
 * `https://mc….rest.marketingcloudapis.com/`.
 *
 * @returns undefined when it holds none
 */
export function readSubdomain(text: string): string | undefined {
  const [, label] = /^(?:https?:\/\/)?([a-z0-9-]{1,63})(?:[./?#]|$)/.exec(text.trim().toLowerCase()) ?? [];
  return label;
}

/**
 * The address that signs somebody in.
 *
 * @param subdomain absent: the service's own default, else a page that asks
 * @param back the path to come back to
 */
export function loginAddress(subdomain: string | undefined, back: string): string {
  const query = new URLSearchParams({ ...(subdomain !== undefined && { subdomain }), return: back });
  return `/auth/login?${query}`;
}
