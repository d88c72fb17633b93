/** The page over several studies, in the reader's language. Runs in the browser. */
import { showLanguage } from "./language.ts";

showLanguage();
