/** An HTML file that needs nothing else, and may ask for nothing: no network, no other file. */
import { createHash } from "node:crypto";
import { html } from "ghtml";

interface SealedDocument {
  readonly title: string;
  readonly style: string;
  /** Its only script, run when the rest is there. */
  readonly script?: string;
  /** HTML of the body, without the script. */
  readonly body: string;
}

/** @returns the document's HTML; its policy lets only this style and this script take effect */
export function sealedDocument({ title, style, script, body }: SealedDocument): string {
  const policy = [
    "default-src 'none'",
    `style-src ${sourceHash(style)}`,
    ...(script === undefined ? [] : [`script-src ${sourceHash(script)}`]),
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="!${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>!${style}</style>
</head>
<body>
!${body}
!${script === undefined ? "" : `<script>${script}</script>`}
</body>
</html>
`;
}

function sourceHash(source: string): string {
  return `'sha256-${createHash("sha256").update(source).digest("base64")}'`;
}
