import { env } from "cloudflare:workers";
import { SignJWT, UnsecuredJWT } from "jose";

/** A user of the seeded tenants; the ids come from the global set-up through test-only bindings. */
export type Person = { sub: string; tenant: string; mid: number; eid: number; connection: string };

// `npm run dev` writes it into .dev.vars, which is read here, too.
const { SQE_SANDBOX_TOKEN: _ofAnotherStack, ...own } = env as unknown as Record<string, string>;

/** Bindings as the test configuration makes them: wrangler.toml's and plain texts. */
export const bindings = own;

const people = JSON.parse(bindings["TEST_PEOPLE"] ?? "{}") as Record<"alice" | "bob" | "carol", Person>;
export const { alice, bob, carol } = people;

/** A user of alice's business unit that no other test uses. */
export function stranger(): Person {
  return { ...alice, sub: `stranger-${crypto.randomUUID()}` };
}

/** A token as the sign-in would make it; every part can be overridden, and an undefined claim is left out. */
export function tokenOf(
  person: Person,
  spoil: { claims?: Record<string, unknown>; secret?: string; alg?: string } = {},
): Promise<string> {
  return new SignJWT({ ...claimsOf(person), ...spoil.claims })
    .setProtectedHeader({ alg: spoil.alg ?? "HS256" })
    .sign(new TextEncoder().encode(spoil.secret ?? bindings["JWT_SECRET"]));
}

/** An unsigned token. */
export function unsignedTokenOf(person: Person): string {
  return new UnsecuredJWT(claimsOf(person)).encode();
}

function claimsOf(person: Person) {
  const now = Math.floor(Date.now() / 1000);
  const { JWT_ISSUER: iss = "", JWT_AUDIENCE: aud = "" } = bindings;
  return { ...person, iss, aud, iat: now, exp: now + 3600 };
}
