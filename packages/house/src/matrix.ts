/** Small dense matrices, row by row, as numbers in a flat array. */

/** A B of n x n and n x m. */
export function product(A: ArrayLike<number>, B: ArrayLike<number>, n: number): Float64Array {
  const m = B.length / n;
  const AB = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const a = A[i * n + k];
      if (a === 0) continue;
      for (let j = 0; j < m; j++) AB[i * m + j] += a * B[k * m + j];
    }
  }
  return AB;
}

/**
 * Solves A X = B by elimination with pivots.
 *
 * @param A n x n
 * @param B n x m
 * @throws RangeError when A is singular
 */
export function solve(A: ArrayLike<number>, B: ArrayLike<number>, n: number): Float64Array {
  const m = B.length / n;
  const L = Float64Array.from(A);
  const X = Float64Array.from(B);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(L[i * n + column]) > Math.abs(L[pivot * n + column])) pivot = i;
    }
    if (L[pivot * n + column] === 0) throw new RangeError("the matrix is singular");
    swapRows(L, n, pivot, column);
    swapRows(X, m, pivot, column);
    for (let i = column + 1; i < n; i++) {
      const factor = L[i * n + column] / L[column * n + column];
      for (let j = column; j < n; j++) L[i * n + j] -= factor * L[column * n + j];
      for (let j = 0; j < m; j++) X[i * m + j] -= factor * X[column * m + j];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = 0; j < m; j++) {
      let rest = X[i * m + j];
      for (let k = i + 1; k < n; k++) rest -= L[i * n + k] * X[k * m + j];
      X[i * m + j] = rest / L[i * n + i];
    }
  }
  return X;
}

function swapRows(A: Float64Array, width: number, i: number, j: number): void {
  if (i === j) return;
  for (let k = 0; k < width; k++) [A[i * width + k], A[j * width + k]] = [A[j * width + k], A[i * width + k]];
}

/** The exponential of a matrix and its integrals: e^M, phi1 = int_0^1 e^(Ms) ds, phi2 = int_0^1 int_0^s e^(Mr) dr ds. */
export interface Exponential {
  readonly exp: Float64Array;
  readonly phi1: Float64Array;
  readonly phi2: Float64Array;
}

const terms = 12; // of the series at a norm of a half: 0.5^13 / 15! is below 1e-16

/**
 * By scaling, the power series and doubling: phi1(2M) = phi1 + M phi1^2 / 2 and phi2(2M) = phi2 / 2 + phi1^2 / 4.
 *
 * @param M n x n
 * @see Higham, N. (2008), Functions of Matrices, 10.7.4
 */
export function exponential(M: ArrayLike<number>, n: number): Exponential {
  let norm = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(M[i * n + j]);
    norm = Math.max(norm, sum);
  }
  const doublings = Math.max(0, Math.ceil(Math.log2(2 * norm)));
  let scaled: Float64Array = Float64Array.from(M, (value) => value / 2 ** doublings);
  let phi2: Float64Array = new Float64Array(n * n);
  for (let k = terms; k >= 0; k--) {
    // Horner: phi2 = sum_k M^k / (k + 2)!
    phi2 = k === terms ? phi2 : product(scaled, phi2, n);
    for (let i = 0; i < n * n; i++) phi2[i] /= k + 3;
    for (let i = 0; i < n; i++) phi2[i * n + i] += 1;
  }
  for (let i = 0; i < n * n; i++) phi2[i] /= 2;
  let phi1 = product(scaled, phi2, n);
  for (let i = 0; i < n; i++) phi1[i * n + i] += 1;
  for (let d = 0; d < doublings; d++) {
    const square = product(phi1, phi1, n);
    const scaledSquare = product(scaled, square, n);
    phi2 = phi2.map((value, i) => value / 2 + square[i] / 4);
    phi1 = phi1.map((value, i) => value + scaledSquare[i] / 2);
    scaled = scaled.map((value) => 2 * value);
  }
  const exp = product(scaled, phi1, n);
  for (let i = 0; i < n; i++) exp[i * n + i] += 1;
  return { exp, phi1, phi2 };
}
