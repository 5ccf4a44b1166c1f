// The same tests in the long tier, whole.
import "./target.test.ts";
