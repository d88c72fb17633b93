/** Colours and sizes of charts; they follow the style sheet, light or dark. */

let styles = getComputedStyle(document.documentElement);

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** @param {() => void} redraw */
export function onThemeChange(redraw) {
  darkness.addEventListener("change", () => {
    styles = getComputedStyle(document.documentElement);
    redraw();
  });
}

/** @param {string} name of a custom property, without dashes */
export function colour(name) {
  return styles.getPropertyValue(`--${name}`).trim();
}

/** The colour as it is when drawn. @param {string} name */
export function ink(name) {
  return () => colour(name);
}

/** On a phone, axes and charts are smaller. */
export function isCompact() {
  return window.innerWidth < 640;
}

export function axisFont() {
  return `${isCompact() ? 11 : 12}px ${colour("font")}`;
}
