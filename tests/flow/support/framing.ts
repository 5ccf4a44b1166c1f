import { once } from "node:events";
import { createServer } from "node:http";

/** A server whose pages frame what `?frame=` names, and have a field to paste into. Its site is not the stack's. */
export type Framing = { origin: string; close(): void };

/** Starts one. It is named `localhost`, where a stack is 127.0.0.1: sites are told apart by host. */
export async function openFraming(): Promise<Framing> {
  const server = createServer((request, answer) => {
    const target = new URL(request.url ?? "/", "http://localhost").searchParams.get("frame") ?? "";
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end(pageOf(target.replaceAll('"', "")));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const origin = `http://localhost:${typeof address === "object" && address?.port}`;
  return { origin, close: () => void server.close() };
}

/** A page like Marketing Cloud's: a bar of its own, and below it an app. */
function pageOf(target: string): string {
  return `<!doctype html><html lang="en"><title>Another site</title>
    <style>body { margin: 0; display: grid; grid-template-rows: 48px 1fr; height: 100vh; font: 14px sans-serif }
    header { display: flex; align-items: center; gap: 12px; padding: 0 16px; background: #032d60; color: #fff }
    iframe { border: 0; width: 100%; height: 100% }</style>
    <header>Another site <textarea aria-label="Paste here" rows="1"></textarea></header><iframe src="${target}"></iframe>`;
}
