/** Stands for the reason where MCE gives none. */
export const noReason = "MCE gives no reason";

/** "Exception occurred during [CreateQueryDefinition] ErrorID: 1" (MCE 2.5, code 2), and nothing more. */
const exceptionOnly = /^\W*(?:error\b\W*)?exception occurred during\b[^\n]{0,200}?\berror\s?id\b\W*[\w-]*\W*$/i;

/** Whether a refusal says nothing of its reason: no word at all, or the number of an exception of MCE's own. */
export function isMute(message: string): boolean {
  return message.trim() === "" || message === noReason || exceptionOnly.test(message);
}
