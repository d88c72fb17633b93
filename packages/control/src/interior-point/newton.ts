/**
 * Newton's step of the interior point by a Riccati recursion over the tree.
 *
 * With the bounds and penalties eliminated, the step is the optimum of a linear-quadratic control problem: curvature
 * theta over each valve, thetaY over each output, no curvature over the states but through the outputs. One backward pass factorises
 * it, in O(N n^3); each right-hand side costs two passes in O(N n^2).
 */
import type { Program } from "./program.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Feedback gains and the curvature of the cost to go. The update is a sum of squares of the closed loop (Joseph's form), which
 * stays accurate where an output is held and its curvature grows without limit.
 */
export function factorise(program: Program, work: Workspace): void {
  const { states: n, decisions, ends, parent, model, c } = program;
  const { thetaY, P } = work;
  P.fill(0);
  for (let i = decisions + ends - 1; i >= decisions; i--) {
    const weight = thetaY[i];
    if (weight > 0) addSquare(P, parent[i] * n * n, n, weight, c, model[i] * n);
  }
  for (let i = decisions - 1; i >= 0; i--) factoriseNode(program, work, i, parent[i]);
}

function addSquare(
  to: Float64Array,
  at: number,
  n: number,
  weight: number,
  row: Float64Array,
  rowAt: number,
): void {
  for (let i = 0; i < n; i++) {
    const scaled = weight * row[rowAt + i];
    for (let j = 0; j < n; j++) to[at + i * n + j] += scaled * row[rowAt + j];
  }
}

/** One step back: the gain of node i, and what its cost to go adds to the curvature at its parent. */
function factoriseNode(program: Program, work: Workspace, i: number, to: number): void {
  const { states: n, A, b, c, d, model, change, changes } = program;
  const { theta, thetaY, gain, inverse, P, scratch } = work;
  const square = n * n;
  const atA = model[i] * square;
  const atC = model[i] * n;
  const atB = i * n;
  const atP = i * square;
  const thetaU = theta[i];
  const curvature = thetaY[i];
  const output = d[i];
  const smoothing = changes ? change[i] : 0;

  // Pb, then the curvature over the valve and its product with the state.
  let over = thetaU + curvature * output * output + smoothing;
  for (let r = 0; r < n; r++) {
    let sum = 0;
    for (let s = 0; s < n; s++) sum += P[atP + r * n + s] * b[atB + s];
    scratch[square + r] = sum;
    over += sum * b[atB + r];
  }
  const inverted = 1 / over;
  inverse[i] = inverted;
  for (let s = 0; s < n; s++) {
    let mixed = curvature * output * c[atC + s];
    for (let r = 0; r < n; r++) mixed += scratch[square + r] * A[atA + r * n + s];
    if (changes && s === n - 1) mixed -= smoothing;
    gain[atB + s] = -mixed * inverted;
  }
  if (to < 0) return;

  // Closed loop, then its sum of squares at the parent.
  for (let r = 0; r < n; r++)
    for (let s = 0; s < n; s++) scratch[r * n + s] = A[atA + r * n + s] + b[atB + r] * gain[atB + s];
  const atTo = to * square;
  const atW = square + n;
  const atOut = atW + n;
  for (let s = 0; s < n; s++) scratch[atOut + s] = c[atC + s] + output * gain[atB + s];
  for (let s = 0; s < n; s++) {
    for (let r = 0; r < n; r++) {
      let sum = 0;
      for (let q = 0; q < n; q++) sum += P[atP + r * n + q] * scratch[q * n + s];
      scratch[atW + r] = sum;
    }
    const outputS = curvature * scratch[atOut + s];
    const valveS = thetaU * gain[atB + s];
    for (let r = 0; r <= s; r++) {
      let sum = outputS * scratch[atOut + r] + valveS * gain[atB + r];
      for (let q = 0; q < n; q++) sum += scratch[q * n + r] * scratch[atW + q];
      if (smoothing > 0)
        sum += smoothing * (gain[atB + s] - (s === n - 1 ? 1 : 0)) * (gain[atB + r] - (r === n - 1 ? 1 : 0));
      P[atTo + r * n + s] += sum;
      if (r !== s) P[atTo + s * n + r] += sum;
    }
  }
}

/** From the linear terms to the feedforward of every valve. */
export function substituteBack(program: Program, work: Workspace): void {
  const { states: n, decisions, ends, parent, model, A, b, c, d } = program;
  const { linear, linearY, gain, feedforward, inverse, p } = work;
  p.fill(0);
  for (let i = decisions + ends - 1; i >= decisions; i--) {
    const slope = linearY[i];
    if (slope === 0) continue;
    for (let s = 0; s < n; s++) p[parent[i] * n + s] += slope * c[model[i] * n + s];
  }
  for (let i = decisions - 1; i >= 0; i--) {
    const at = i * n;
    let slope = linear[i] + d[i] * linearY[i];
    for (let s = 0; s < n; s++) slope += b[at + s] * p[at + s];
    feedforward[i] = -slope * inverse[i];
    if (i === 0) return;
    const to = parent[i] * n;
    const atA = model[i] * n * n;
    const atC = model[i] * n;
    for (let s = 0; s < n; s++) {
      let sum = c[atC + s] * linearY[i] + gain[at + s] * slope;
      for (let r = 0; r < n; r++) sum += A[atA + r * n + s] * p[at + r];
      p[to + s] += sum;
    }
  }
}

/** From the feedforward to the step of valves, states and outputs. */
export function roll(program: Program, work: Workspace): void {
  const { states: n, decisions, ends, parent, model, A, b, c, d } = program;
  const { gain, feedforward, du, dx, dy } = work;
  const nodes = decisions + ends;
  for (let i = 0; i < nodes; i++) {
    const at = i * n;
    if (i > 0) {
      const from = parent[i] * n;
      const atA = model[parent[i]] * n * n;
      const valve = du[parent[i]];
      for (let r = 0; r < n; r++) {
        let sum = b[from + r] * valve;
        for (let s = 0; s < n; s++) sum += A[atA + r * n + s] * dx[from + s];
        dx[at + r] = sum;
      }
    }
    const atC = model[i] * n;
    let out = 0;
    let valve = 0;
    for (let s = 0; s < n; s++) out += c[atC + s] * dx[at + s];
    if (i < decisions) {
      valve = feedforward[i];
      for (let s = 0; s < n; s++) valve += gain[at + s] * dx[at + s];
      du[i] = valve;
    }
    dy[i] = out + d[i] * valve;
  }
}
