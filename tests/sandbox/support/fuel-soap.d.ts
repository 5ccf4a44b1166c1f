/** The parts of fuel-soap the tests use; the package has no types of its own. */
declare module "fuel-soap" {
  type Answer = { body: unknown };
  type Callback = (error: (Error & { errorPropagatedFrom?: string }) | null, answer: Answer | null) => void;

  export default class FuelSoap {
    constructor(options: { auth: Record<string, unknown>; soapEndpoint: string });
    retrieve(type: string, properties: string[], options: Record<string, unknown>, callback: Callback): void;
    perform(type: string, definition: Record<string, unknown>, callback: Callback): void;
  }
}
