import { testKills } from "./support/kill-matrix.ts";
import { everywhere } from "./support/kill-points.ts";

testKills(everywhere);
