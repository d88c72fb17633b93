/** So small a share is none: a model errs. */
const leastFelt = 0.25;

/** Whether some of the heat ordered is felt, and too little, where heating does not heat as ordered. */
export function isPartlyFelt({ felt = 0 }: { readonly felt?: number | undefined }): boolean {
  return felt >= leastFelt;
}
