// The same tests in the long tier, whole.
import "./engine-hostile.test.ts";
