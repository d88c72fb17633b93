/**
 * The part of javascript-lp-solver used here. The package's own declarations describe its CommonJS build,
 * in which the default export is nested one level deeper than in the ES module that Node loads.
 */
declare module "javascript-lp-solver" {
  export interface Variable {
    /** Set by `Model.solve`. */
    readonly value: number;
  }

  interface Constraint {
    addTerm(coefficient: number, variable: Variable): Constraint;
  }

  interface Solution {
    readonly feasible: boolean;
    readonly bounded: boolean;
  }

  class Model {
    /** @param precision absolute tolerance on right-hand sides, reduced costs and pivots */
    constructor(precision: number);
    usePresolve: boolean;
    minimize(): this;
    /** @param checkForCycles whether to stop as infeasible when pivots seem to repeat */
    debug(checkForCycles: boolean): void;
    addVariable(cost: number): Variable;
    smallerThan(rhs: number): Constraint;
    solve(): Solution;
    readonly tableau: Tableau;
  }

  interface Tableau {
    precision: number;
    /** Sets the value of every variable, rounded to `precision`. */
    updateVariableValues(): void;
  }

  const solver: { readonly Model: typeof Model };
  export default solver;
}
