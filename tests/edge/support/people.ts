import { env } from "cloudflare:workers";
import { SignJWT } from "jose";

/** A user of the seeded tenants; the ids come from the global set-up through test-only bindings. */
export type Person = { sub: string; tenant: string; mid: number; eid: number; connection: string };

/** Bindings as the test configuration makes them: wrangler.toml's and plain texts. */
export const bindings = env as unknown as Record<string, string>;

const people = JSON.parse(bindings["TEST_PEOPLE"] ?? "{}") as Record<"alice" | "bob" | "carol", Person>;
export const { alice, bob, carol } = people;

/** A token as the sign-in would make it; every part can be spoiled. */
export function tokenOf(
  person: Person,
  spoil: {
    claims?: Record<string, unknown>;
    secret?: string;
    alg?: string;
    expires?: string;
    issuer?: string;
    audience?: string;
  } = {},
): Promise<string> {
  const { sub, ...claims } = person;
  return new SignJWT({ ...claims, ...spoil.claims })
    .setProtectedHeader({ alg: spoil.alg ?? "HS256" })
    .setSubject(sub)
    .setIssuer(spoil.issuer ?? bindings["JWT_ISSUER"] ?? "")
    .setAudience(spoil.audience ?? bindings["JWT_AUDIENCE"] ?? "")
    .setExpirationTime(spoil.expires ?? "1h")
    .sign(new TextEncoder().encode(spoil.secret ?? bindings["JWT_SECRET"]));
}
