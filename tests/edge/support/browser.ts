import { exports } from "cloudflare:workers";
import { bindings } from "./people.ts";

/** The sandbox knows addresses of this machine alone. */
const ours = "http://127.0.0.1";

/** Who signs in at the sandbox, and where: the fields of its consent page. */
export type Consent = { user: string; mid: number; decision?: "allow" | "deny" };

export const ann: Consent = { user: "ann@enterprise-a.example.com", mid: 7000001 };
export const ben: Consent = { user: "ben@enterprise-a.example.com", mid: 7000011 };

/** A browser as far as cookies and redirects go; it sends what a browser sends with a page's own calls. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** One request; redirects are not followed. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0)
      headers.set("cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const request = new Request(`${ours}${path}`, { redirect: "manual", ...init, headers });
    const answer = await exports.default.fetch(request);
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  /** What a page of ours sends. */
  send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", origin: ours, "sec-fetch-site": "same-origin", ...headers },
    });
  }

  /** Walks from /auth/login over the sandbox's consent page to the callback. @returns the callback's answer */
  async signIn(as: Consent = ann, query = ""): Promise<Response> {
    const login = await this.ask(`/auth/login?subdomain=mcsandbox-enterprise-a000001${query}`);
    const back = await this.consent(login, as);
    return this.ask(`${back.pathname}${back.search}`);
  }

  /** Decides on the sandbox's consent page. @returns where it sends the browser back to */
  async consent(login: Response, { user, mid, decision = "allow" }: Consent): Promise<URL> {
    const asked = new URL(login.headers.get("location") ?? "");
    const form = new URLSearchParams(asked.searchParams);
    for (const [name, value] of Object.entries({ user, mid: String(mid), decision })) form.set(name, value);
    const answer = await fetch(asked.origin + asked.pathname, { method: "POST", body: form, redirect: "manual" });
    return new URL(answer.headers.get("location") ?? `${ours}/?status=${answer.status}`);
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Sets switches of the sandbox. */
export async function behave(switches: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${bindings["MCE_SANDBOX_URL"]}/sandbox/behaviours`, {
    method: "POST",
    body: JSON.stringify(switches),
  });
  if (!answer.ok) throw new Error(`Cannot set ${Object.keys(switches).join(", ")}: ${await answer.text()}`);
}
