// The same tests in the long tier, whole.
import "./road.test.ts";
