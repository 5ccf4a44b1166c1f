/**
 * Where a request comes from, as far as that tells people apart: a person with one IPv6 address has all of its network.
 * Cloudflare sets the header itself; elsewhere all requests come from one place.
 */
export function addressOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "";
  if (!address.includes(":")) return address;
  // `2001:db8::1`: zeros stand for what is left out.
  const [head = ""] = address.split("::");
  return [...head.split(":"), "0", "0", "0", "0"].slice(0, 4).join(":");
}
