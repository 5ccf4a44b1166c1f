// The same tests in the long tier, with many cuts.
import "./client.test.ts";
