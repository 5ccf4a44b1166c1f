import { testKills } from "./support/kill-matrix.ts";

// The places that differ most; kill.long.test.ts has all.
testKills({
  temp: ["de:after", "perform:after", "cleanup:before"],
  overwrite: ["grant:after"],
  append: ["grant:after", "perform:after", "performed:after"],
  "self-update": ["perform:after"],
});
