// The same tests in the long tier, whole.
import "./parameters.test.ts";
