// The same tests in the long tier, whole.
import "./xml-fuzz.test.ts";
