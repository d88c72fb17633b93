/** The dialog that asks for the API's token. */

import { byId, write } from "./elements.ts";
import type { TextKey } from "./texts.ts";

/**
 * @param texts in the page's language, now
 * @returns asks; answers undefined when the user refuses
 */
export function tokenDialog(
  texts: () => Readonly<Record<TextKey, string>>,
): (wasWrong: boolean) => Promise<string | undefined> {
  return (wasWrong) => {
    const dialog = byId<HTMLDialogElement>("token-dialog");
    const input = byId<HTMLInputElement>("token");
    write("token-error", wasWrong ? texts().wrongToken : "");
    input.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    input.focus();
    return new Promise((resolve) => {
      dialog.addEventListener(
        "close",
        () => {
          resolve(dialog.returnValue === "ok" ? input.value : undefined);
          input.value = "";
        },
        { once: true },
      );
    });
  };
}
