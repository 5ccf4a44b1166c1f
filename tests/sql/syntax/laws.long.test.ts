// The same laws with the larger numbers of the long tier.
import "./laws.test.ts";
