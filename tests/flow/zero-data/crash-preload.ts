import process from "node:process";

// Loaded before a bridge (`node --import`): its first answer with a row in it makes an error with all of it, which nobody
// catches, as a bug in any library could. `ZERO_DATA_MARK` is how rows are known; `ZERO_DATA_CRASH` says how it ends.
const { ZERO_DATA_MARK: mark = "", ZERO_DATA_CRASH: how } = process.env;
const { fetch } = globalThis;
let hasCrashed = false;

globalThis.fetch = async (...words) => {
  const answer = await fetch(...words);
  const text = await answer.clone().text();
  if (hasCrashed || !text.includes(mark)) return answer;
  hasCrashed = true;
  const error = Object.assign(new Error(`Unexpected answer: ${text}`), { answer: text, cause: new Error(text) });
  if (how === "rejection") void Promise.reject(error);
  else
    setImmediate(() => {
      throw error;
    });
  return answer;
};
