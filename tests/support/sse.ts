import type { RunView } from "#run/view.ts";

export type Frame = { id?: string; event?: string; data?: string; retry?: string; comment?: boolean };

/** Reads an SSE body frame by frame; `next` fails when the stream ends before there is one. */
export function readFrames(response: Response) {
  if (response.body === null) throw new Error("the answer has no body");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  async function next(): Promise<Frame | undefined> {
    for (;;) {
      const end = buffer.indexOf("\n\n");
      if (end >= 0) {
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        return frameOf(text);
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      buffer += value;
    }
  }
  return {
    next,
    /** The next event of a run; retry lines and comments are passed over. */
    async nextRun(): Promise<RunView> {
      for (let frame = await next(); frame !== undefined; frame = await next()) {
        if (frame.event === "run" && frame.data !== undefined) return JSON.parse(frame.data);
      }
      throw new Error("the stream ended without a run event");
    },
    /** All frames until the server closes the stream. */
    async rest(): Promise<Frame[]> {
      const frames: Frame[] = [];
      for (let frame = await next(); frame !== undefined; frame = await next()) frames.push(frame);
      return frames;
    },
    hangUp: () => reader.cancel(),
  };
}

function frameOf(text: string): Frame {
  const frame: Frame = {};
  for (const line of text.split("\n")) {
    const [, name, value = ""] = /^([a-z]*):\s?(.*)$/.exec(line) ?? [];
    if (name === "") frame.comment = true;
    if (name === "id" || name === "event" || name === "data" || name === "retry") frame[name] = value;
  }
  return frame;
}
