// The same tests in the long tier, whole.
import "./grants.test.ts";
