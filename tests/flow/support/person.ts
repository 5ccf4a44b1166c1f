import type { TestStack } from "./stack.ts";

/** Somebody with a browser's cookies, signed in or not. */
export type Person = ReturnType<typeof openPerson>;

/** A run, as far as tests look at one that is over. */
type Ended = { id: string; status: string; error?: { code: string } };

/** Opens a person who can sign in to a stack. @param email whom the sandbox's consent page takes the person for */
export function openPerson(stack: Pick<TestStack, "edge">, email: string) {
  const cookies = new Map<string, string>();

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await fetch(`${stack.edge}${path}`, { redirect: "manual", ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  /** As a page of ours sends it. */
  const send = (path: string, body: unknown) => {
    const headers = { "content-type": "application/json", origin: stack.edge, "sec-fetch-site": "same-origin" };
    return ask(path, { method: "POST", body: JSON.stringify(body), headers });
  };

  return {
    ask,
    send,
    cookies: () => [...cookies.values()],
    async signIn(mid: number): Promise<void> {
      const login = await ask("/auth/login");
      const asked = new URL(login.headers.get("location") ?? "");
      const form = new URLSearchParams(asked.searchParams);
      for (const [name, value] of Object.entries({ user: email, mid: String(mid), decision: "allow" }))
        form.set(name, value);
      const allowed = await fetch(asked.origin + asked.pathname, { method: "POST", body: form, redirect: "manual" });
      const back = new URL(allowed.headers.get("location") ?? "");
      const done = await ask(`${back.pathname}${back.search}`);
      if (done.status !== 302) throw new Error(`not signed in: ${await done.text()}`);
    },
    /** Runs a query to its end. @param meanwhile is called when it has been accepted */
    async run(sql: string, meanwhile?: (id: string) => unknown): Promise<Ended> {
      const accepted = await send("/v1/runs", { sql });
      if (accepted.status !== 202) throw new Error(`not accepted: ${accepted.status} ${await accepted.text()}`);
      // The shape is DESIGN 3's; what is read of it is asserted.
      let run = (await accepted.json()) as Ended;
      await meanwhile?.(run.id);
      while (run.status === "queued" || run.status === "running")
        run = (await (await ask(`/v1/runs/${run.id}?wait=25`)).json()) as Ended;
      return run;
    },
  };
}
