/** A heating problem as plain arrays, which travels as JSON and keeps what the branches of its prices share. */
import {
  InvalidProblemError,
  type MpcProblem,
  type PriceBranch,
  type PriceBranches,
  type Steps,
  type TerminalValue,
} from "./problem.ts";

/** `PriceBranches` with the place of the next publication in the list instead of itself. */
interface PackedBranches {
  step: number;
  branches: {
    probability: number;
    price_eur_kwh: number[];
    /** Index of what turns out next; greater than the own. */
    after?: number | undefined;
  }[];
}

/** A tree as a list, its root first; each object once. */
function packBranches(root: PriceBranches): PackedBranches[] {
  const order: PriceBranches[] = [];
  const seen = new Set<PriceBranches>();
  const visit = (tree: PriceBranches) => {
    if (seen.has(tree)) return;
    seen.add(tree);
    for (const { after } of tree.branches) if (after) visit(after);
    order.unshift(tree); // behind it stands all that follows it
  };
  visit(root);
  const indexOf = new Map(order.map((tree, index) => [tree, index]));
  return order.map(({ step, branches }) => ({
    step,
    branches: branches.map(({ probability, price_eur_kwh, after }) => ({
      probability,
      price_eur_kwh: Array.from(price_eur_kwh),
      ...(after && { after: indexOf.get(after)! }),
    })),
  }));
}

/**
 * The tree that was packed.
 *
 * @throws InvalidProblemError when the list is empty or an index does not point further down it
 */
function unpackBranches(list: readonly PackedBranches[]): PriceBranches {
  if (list.length === 0) throw new InvalidProblemError("colours.length", 0, ">= 1");
  const trees: PriceBranches[] = new Array(list.length);
  for (let i = list.length - 1; i >= 0; i--) {
    const { step, branches } = list[i];
    trees[i] = {
      step,
      branches: branches.map(({ probability, price_eur_kwh, after }, b): PriceBranch => {
        if (after !== undefined && !(after > i && after < list.length))
          throw new InvalidProblemError(
            `colours[${i}].branches[${b}].after`,
            after,
            `within ${i + 1}..${list.length - 1}`,
          );
        return {
          probability,
          price_eur_kwh: Float64Array.from(price_eur_kwh),
          ...(after !== undefined && { after: trees[after] }),
        };
      }),
    };
  }
  return trees[0];
}

/** `MpcProblem` with its tree of prices as a list. */
export type PackedProblem = Omit<MpcProblem, "colours" | "surprise_k" | "terminal"> & {
  readonly terminal: Omit<TerminalValue, "weights"> & { readonly weights?: Steps | undefined };
  readonly surprise_k?: Steps | undefined;
  readonly colours?: readonly PackedBranches[] | undefined;
};

/** A problem as JSON writes it: plain arrays, no typed ones. */
export function packProblem({ model, terminal, comfort, surprise_k, colours, ...problem }: MpcProblem) {
  return {
    model: {
      ...model,
      A: Array.from(model.A),
      b: Array.from(model.b),
      E: Array.from(model.E),
      c: Array.from(model.c),
      F: Array.from(model.F),
    },
    x_c: Array.from(problem.x_c),
    maxPower_w: plain(problem.maxPower_w),
    cop: plain(problem.cop),
    theta_e_c: Array.from(problem.theta_e_c),
    phi_sol_w: Array.from(problem.phi_sol_w),
    phi_int_w: Array.from(problem.phi_int_w),
    price_eur_kwh: Array.from(problem.price_eur_kwh),
    comfort: { min_c: plain(comfort.min_c), max_c: plain(comfort.max_c) },
    weights: problem.weights,
    terminal: {
      ...(terminal.weights && { weights: Array.from(terminal.weights) }),
      breakpoints_c: Array.from(terminal.breakpoints_c),
      slopes_eur_k: Array.from(terminal.slopes_eur_k),
    },
    ...(surprise_k && { surprise_k: Array.from(surprise_k) }),
    ...(colours && { colours: packBranches(colours) }),
  };
}

function plain(steps: Steps | number): number | number[] {
  return typeof steps === "number" ? steps : Array.from(steps);
}

/**
 * The problem that was packed.
 *
 * @throws InvalidProblemError when its list of colours is empty or an index does not point further down it
 */
export function unpackProblem({ terminal, surprise_k, colours, ...problem }: PackedProblem): MpcProblem {
  const { weights, ...value } = terminal;
  return {
    ...problem,
    terminal: { ...value, ...(weights && { weights }) },
    ...(surprise_k && { surprise_k }),
    ...(colours && { colours: unpackBranches(colours) }),
  };
}
