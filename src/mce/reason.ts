/** The reason shown when MCE gives none. */
export const noReason = "MCE gives no reason";

/** "Exception occurred during [CreateQueryDefinition] ErrorID: 1" (MCE 2.5, code 2), and nothing more. */
const exceptionOnly = /^\W*(?:error\b\W*)?exception occurred during\b[^\n]{0,200}?\berror\s?id\b\W*[\w-]*\W*$/i;

/** Whether a refusal gives no reason: no text at all, or only the number of an exception inside MCE. */
export function isMute(message: string): boolean {
  return message.trim() === "" || message === noReason || exceptionOnly.test(message);
}
