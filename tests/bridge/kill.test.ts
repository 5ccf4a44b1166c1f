import { testKills } from "./support/kill-matrix.ts";

// The places that differ; kill.long.test.ts has all.
testKills({
  temp: ["de:after", "qd:after", "grant:after", "perform:after", "ready:before", "cleanup:before"],
  overwrite: ["grant:after", "perform:after", "cleanup:after"],
  append: ["target:after", "qd:after", "grant:after", "perform:after", "performed:after", "confirm:before"],
  update: ["perform:after", "poll"],
  "self-update": ["perform:after"],
});
