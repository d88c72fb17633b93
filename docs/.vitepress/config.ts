import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { frenchParts, parts, sidebarOf } from "./sidebar.ts";

const docs = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  title: "Azru",
  description: "Heats a home for less money",
  cleanUrls: false,
  lastUpdated: false,
  // The pages speak of addresses on the reader's own machine.
  ignoreDeadLinks: "localhostLinks",
  locales: {
    root: {
      label: "English",
      lang: "en",
      themeConfig: { sidebar: sidebarOf(docs, "/", parts, "More", ["fr"]), outline: [2, 3] },
    },
    fr: {
      label: "Français",
      lang: "fr",
      description: "Chauffe une maison pour moins cher",
      themeConfig: {
        sidebar: sidebarOf(`${docs}fr`, "/fr/", frenchParts, "Autres pages"),
        outline: { level: [2, 3], label: "Sur cette page" },
        docFooter: { prev: "Page précédente", next: "Page suivante" },
        darkModeSwitchLabel: "Apparence",
        lightModeSwitchTitle: "Passer au thème clair",
        darkModeSwitchTitle: "Passer au thème sombre",
        sidebarMenuLabel: "Menu",
        returnToTopLabel: "Retour en haut",
        langMenuLabel: "Changer de langue",
      },
    },
  },
  buildEnd({ outDir }) {
    for (const file of ["reference/asyncapi.yaml", "reference/openapi.json"])
      cpSync(join(docs, file), join(outDir, file));
  },
  markdown: {
    config: (md) => {
      // VitePress shields fenced code from Vue, and leaves indented code to it: {{ ... }} there broke the page.
      md.renderer.rules.code_block = (tokens, i) =>
        `<pre v-pre><code>${md.utils.escapeHtml(tokens[i].content)}</code></pre>\n`;
      // The forge chooses a picture by the reader's system; the site has a switch of its own.
      md.renderer.rules.html_block = (tokens, i) =>
        tokens[i].content.replaceAll(
          /<picture>\s*<source [^>]*srcset="([^"]+)">\s*<img src="([^"]+)" alt="([^"]*)">\s*<\/picture>/g,
          '<img class="on-light" src="$2" alt="$3"><img class="on-dark" src="$1" alt="$3">',
        );
    },
  },
  // No icon of its own: the browser need not look for one.
  head: [
    ["link", { rel: "icon", href: "data:," }],
    ["style", {}, ".dark .on-light, html:not(.dark) .on-dark { display: none }"],
  ],
  themeConfig: {
    // Few pages are there in both languages: the switch leads to the beginning of the other.
    i18nRouting: false,
    search: {
      provider: "local",
      options: {
        locales: {
          fr: {
            translations: {
              button: { buttonText: "Rechercher", buttonAriaLabel: "Rechercher" },
              modal: {
                displayDetails: "Afficher les détails",
                resetButtonTitle: "Effacer la recherche",
                backButtonTitle: "Fermer la recherche",
                noResultsText: "Aucun résultat pour",
                footer: { selectText: "ouvrir", navigateText: "parcourir", closeText: "fermer" },
              },
            },
          },
        },
      },
    },
  },
});
