// The same tests in the long tier, whole.
import "./outbound.test.ts";
