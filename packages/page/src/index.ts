export { bundlePage, type PageBundle } from "./bundle.ts";
export { sealedDocument } from "./sealed-document.ts";
