/** Charts as SVG files, for pages on light and on dark ground: Observable Plot on a document without a browser. */
import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";

/** Colours of one ground. The hues are Okabe and Ito's, which people with colour blindness can distinguish. */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly blue: string;
  readonly orange: string;
  readonly green: string;
  readonly pink: string;
  readonly red: string; // a wash behind lines
}

export const palettes = {
  light: {
    ink: "#1f2328",
    muted: "#59636e",
    grid: "#d1d9e0",
    blue: "#0072b2",
    orange: "#d55e00",
    green: "#00825f",
    pink: "#b0578d",
    red: "#fbe3df",
  },
  dark: {
    ink: "#e6edf3",
    muted: "#9aa4af",
    grid: "#3d444d",
    blue: "#56b4e9",
    orange: "#f0a04b",
    green: "#2fc59a",
    pink: "#e59cc8",
    red: "#4a2422",
  },
} as const satisfies Record<string, Palette>;

const width = 700;

/** A chart for both grounds: its panels stand below one another. */
export interface Chart {
  readonly name: string; // of its files
  readonly title: string;
  /** What a reader who cannot see it should know. */
  readonly description: string;
  readonly panels: (palette: Palette) => readonly Plot.PlotOptions[];
}

/** The text of a chart's SVG file. */
export function svgOf(chart: Chart, palette: Palette): string {
  const document = new DOMParser().parseFromString("<html><body></body></html>", "text/html");
  const panels = chart.panels(palette).map((options) =>
    Plot.plot({
      width,
      ...options,
      document,
    }),
  );
  let height = 0;
  const stacked = panels.map((panel) => {
    panel.querySelector("style")?.remove();
    const group = `<g transform="translate(0,${height})">${panel.innerHTML}</g>`;
    height += Number(panel.getAttribute("height"));
    return group;
  });
  const { title, description } = chart;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" color="${palette.ink}" fill="currentColor" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="12" text-anchor="middle" style="white-space: pre">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    ...stacked,
    "</svg>\n",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
