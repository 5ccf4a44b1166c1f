// The same tests in the long tier, whole.
import "./time.test.ts";
