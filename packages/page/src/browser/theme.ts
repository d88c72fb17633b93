/** Colours and sizes of charts; they follow the style sheet, light or dark. */

let styles = getComputedStyle(document.documentElement);

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** Draws again whenever the browser changes between light and dark. */
export function onThemeChange(redraw: () => void) {
  darkness.addEventListener("change", () => {
    styles = getComputedStyle(document.documentElement);
    redraw();
  });
}

/** @param name of a custom property, without dashes */
export function colour(name: string) {
  return styles.getPropertyValue(`--${name}`).trim();
}

/** The colour as it is when drawn. */
export function ink(name: string) {
  return () => colour(name);
}

/** On a phone, axes and charts are smaller. */
export function isCompact() {
  return window.innerWidth < 640;
}

/** Font of the axes, as a canvas takes it. */
export function axisFont() {
  return `${isCompact() ? 11 : 12}px ${colour("font")}`;
}
