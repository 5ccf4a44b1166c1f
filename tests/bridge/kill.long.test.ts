import { everywhere, testKills } from "./support/kill-matrix.ts";

testKills(everywhere);
