import * as fc from "fast-check";

/** A text as rows and messages have them: markup, entities, line ends, other alphabets, and what XML cannot hold. */
export function texts(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom(
      "<",
      ">",
      "&",
      '"',
      "'",
      "]]>",
      "<![CDATA[",
      "<!--",
      "-->",
      "--",
      "<?x?>",
      "&amp;",
      "&#13;",
      "&nbsp;",
      "</QueryText>",

      "\r",
      "\r\n",
      "\n",
      "\t",
      " ",
      "\u0000",
      "\u001F",
      "\uFFFE",
      "\uD800",
      "\uDC00",
      "😀",
      "\u00A0",
      "\u2028",
      "\uFEFF",
      "%s",
      "${x}",
      "$&",
    ),
  );
  // The package around libxml2 takes a byte order mark off each text that begins with one.
  return fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("").replaceAll("\uFEFF", ""));
}

/** What XML 1.0 can hold of a text. */
export function storable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters that XML cannot hold
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "");
}

const names = ["a", "Results", "Value", "Name", "Property", "Envelope", "Body", "Fault", "x-y.z", "é"] as const;
const prefix = fc.constantFrom("", "", "", "soap:", "q0:");
const blank = fc.constantFrom("", "", "", " ", "\n", "\t ");

/** One run of character data, spelled in one of the ways that XML has. */
function spelled(): fc.Arbitrary<string> {
  const plain = (text: string) =>
    storable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("]]>", "]]&gt;");
  const everyReference = (write: (code: number) => string) => (text: string) =>
    Array.from(storable(text), (char) => `&#${write(char.codePointAt(0) ?? 0)};`).join("");
  return fc.oneof(
    texts().map(plain),
    texts().map((text) => plain(text).replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;")),
    fc.string({ unit: "grapheme", maxLength: 8 }).map(everyReference(String)),
    fc.string({ unit: "grapheme", maxLength: 8 }).map(everyReference((code) => `x${code.toString(16)}`)),
    texts().map((text) => `<![CDATA[${storable(text).replaceAll("]]>", "]] >")}]]>`),
    fc.constantFrom("<!-- note & < -->", "<?target data?>", "<![CDATA[]]>", ""),
  );
}

/** A well-formed document, in many spellings. */
export function documents(): fc.Arbitrary<string> {
  const attribute = fc
    .tuple(
      fc.constantFrom("x", "xsi:nil", "q0:type"),
      fc.constantFrom('"', "'"),
      fc.constantFrom("true", "", "&lt;", "a > b", "é"),
    )
    .map(([name, quote, value]) => ` ${name}=${quote}${value}${quote}`);
  const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
    content: fc.oneof({ depthSize: "small", withCrossShrink: true }, spelled(), tie("element")),
    element: fc
      .tuple(
        prefix,
        fc.constantFrom(...names),
        fc.option(attribute, { nil: "" }),
        blank,
        fc.array(tie("content"), { maxLength: 5 }),
      )
      .map(([space, name, written, gap, content]) => {
        const tag = `${space}${name}`;
        const isEmpty = content.length === 0 && gap === " ";
        return isEmpty ? `<${tag}${written}${gap}/>` : `<${tag}${written}${gap}>${content.join("")}</${tag}${gap}>`;
      }),
  }));
  const head = fc.constantFrom(
    "",
    '<?xml version="1.0" encoding="utf-8"?>',
    "<?xml version='1.0'?>\r\n",
    "<!-- before -->\n",
  );
  const spaces = ' xmlns:soap="urn:s" xmlns:q0="urn:q" xmlns:xsi="urn:x"';
  return fc
    .tuple(head, element, blank)
    .map(([before, body, after]) => `${before}<root${spaces}>${body}</root>${after}`);
}

/** What breaks a document, or is put into it. */
export function damages(): fc.Arbitrary<(document: string) => string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const at = (document: string, share: number) => Math.floor(share * document.length);
  const inserted = fc.constantFrom(
    "<",
    ">",
    "&",
    "/",
    '"',
    "'",
    "</root>",
    "<root>",
    "<b>",
    "</b>",
    "<b/>",
    "]]>",
    "<![CDATA[",
    "<?",
    "?>",
    "&amp",
    "&#0;",

    "&#xD800;",
    "&#99999999999;",
    "&nbsp;",
    "&constructor;",
    "&#x1F;",
    "<__proto__>1</__proto__>",
    "<hasOwnProperty/>",
    "\u0000",
    "=",
    " x=1",

    "<!DOCTYPE root>",
    '<!ENTITY x "y">',
    "<!DOCTYPE root [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    '<?xml version="1.0"?>',
  );
  const cut = place.map((share) => (document: string) => document.slice(0, at(document, share)));
  const insert = fc.tuple(place, inserted).map(
    ([share, text]) =>
      (document: string) =>
        document.slice(0, at(document, share)) + text + document.slice(at(document, share)),
  );
  const drop = fc.tuple(place, fc.nat(6)).map(
    ([share, length]) =>
      (document: string) =>
        document.slice(0, at(document, share)) + document.slice(at(document, share) + length),
  );
  const twist = place.map(
    (share) => (document: string) => document.slice(at(document, share)) + document.slice(0, at(document, share)),
  );
  return fc.oneof(
    { weight: 2, arbitrary: cut },
    { weight: 4, arbitrary: insert },
    { weight: 2, arbitrary: drop },
    twist,
  );
}
