/**
 * Our sentence at the beginning of a failure's message; what follows its colon is MCE's. It names the call, so it occurs
 * at the very beginning only.
 */
export const ownSentence =
  /^(?:Cannot (?:do|read|use) (?:AUTH|REST|SOAP) [^:]*|MCE refuses the connection's credentials \(HTTP \d+\))(?:: (?:MCE answered with a fault: |the token endpoint answered \d+: )?|$)/;
