import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { autoregression, blended, murmur3 } from "./random.ts";

describe("murmur3", () => {
  it("has SMHasher's test values", () => {
    expect(murmur3([], 0)).toBe(0);
    expect(murmur3([], 1)).toBe(0x514e28b7);
    expect(murmur3([], 0xffffffff)).toBe(0x81f16f39);
    expect(murmur3([0xffffffff], 0)).toBe(0x76293b50);
    expect(murmur3([0x87654321], 0)).toBe(0xf55b516b);
    expect(murmur3([0x87654321], 0x5082edee)).toBe(0x2362f9de);
    expect(murmur3([0], 0)).toBe(0x2362f9de);
  });
});

describe("autoregression", () => {
  const moments = (x: Float64Array, lag: number) => {
    const n = x.length - lag;
    let sum = 0;
    let product = 0;
    for (let i = 0; i < n; i++) {
      sum += x[i];
      product += x[i] * x[i + lag];
    }
    return { mean: sum / n, covariance: product / n };
  };

  it("has mean 0, variance 1 and correlation phi^lag", () => {
    for (const phi of [0, 0.5, 0.8, 0.92]) {
      const x = autoregression(42, 1, phi, -5000, 100_000);
      expect(moments(x, 0).mean).toBeCloseTo(0, 1);
      expect(moments(x, 0).covariance).toBeCloseTo(1, 1);
      expect(moments(x, 1).covariance).toBeCloseTo(phi, 1);
      expect(moments(x, 3).covariance).toBeCloseTo(phi ** 3, 1);
    }
  });

  it("is the same wherever one begins to look, and other for another seed or stream", () => {
    const all = autoregression(7, 2, 0.8, -100, 300);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250 }), fc.integer({ min: 1, max: 50 }), (offset, count) => {
        expect(autoregression(7, 2, 0.8, -100 + offset, count)).toEqual(all.slice(offset, offset + count));
      }),
    );
    const correlation = (other: Float64Array) =>
      moments(
        all.map((x, i) => x * other[i]),
        0,
      ).mean;
    expect(Math.abs(correlation(autoregression(8, 2, 0.8, -100, 300)))).toBeLessThan(0.3);
    expect(Math.abs(correlation(autoregression(7, 3, 0.8, -100, 300)))).toBeLessThan(0.3);
  });

  it("keeps its variance between its values", () => {
    const x = autoregression(3, 1, 0.5, 0, 50_001);
    const halfway = Float64Array.from({ length: 50_000 }, (_, i) => blended(x, i + 0.5, 0.5));
    expect(moments(halfway, 0).covariance).toBeCloseTo(1, 1);
    expect(blended(x, 50_000, 0.5)).toBe(x[50_000]);
  });
});
