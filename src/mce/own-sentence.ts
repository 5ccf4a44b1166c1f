/**
 * The sentence of ours that a failure's message begins with; what follows its colon is MCE's. It names the call, so it
 * stands at the very beginning only.
 */
export const ownSentence =
  /^(?:Cannot (?:do|read|use) (?:AUTH|REST|SOAP) [^:]*|MCE refuses the connection's credentials \(HTTP \d+\))(?:: (?:MCE answered with a fault: |the token endpoint answered \d+: )?|$)/;
