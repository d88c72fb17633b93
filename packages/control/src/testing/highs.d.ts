/**
 * The part of highs used here. The package's own declarations describe its CommonJS build, in which the
 * default export is nested one level deeper than in the ES module that Node loads.
 */
declare module "highs" {
  interface Result {
    readonly Status: string;
    readonly ObjectiveValue: number;
    readonly Columns: Readonly<Record<string, { readonly Primal: number }>>;
  }

  export default function loadHighs(): Promise<{
    /** @param lp a linear program in CPLEX LP format */
    solve(lp: string, options: Readonly<Record<string, number | boolean | string>>): Result;
  }>;
}
