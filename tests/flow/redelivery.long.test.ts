// The same tests in the long tier, whole.
import "./redelivery.test.ts";
