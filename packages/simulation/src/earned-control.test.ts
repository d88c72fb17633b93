import { expect, test } from "vitest";
import { standingOf } from "./earned-control.ts";

test("a model has to be held against days of the home before it heats", () => {
  const { isTrusted, reason } = standingOf({ model_k: 0.1, yesterday_k: 1, predictions: 30 }, false);
  expect(isTrusted).toBe(false);
  expect(reason).toBe("The model of the house has to prove itself on 2 more days of this home.");
});

test("it earns control by predicting clearly better than yesterday's mean", () => {
  expect(standingOf({ model_k: 0.89, yesterday_k: 1, predictions: 72 }, false)).toEqual({
    isTrusted: true,
    reason:
      "The model of the house has proved itself: it predicts a day ahead to 0.89 K, the mean of the day before to 1.00 K.",
  });
  expect(standingOf({ model_k: 0.91, yesterday_k: 1, predictions: 300 }, false).isTrusted).toBe(false);
});

test("it keeps control until it predicts worse than yesterday's mean, and loses it then", () => {
  expect(standingOf({ model_k: 0.95, yesterday_k: 1, predictions: 300 }, true).isTrusted).toBe(true);
  const lost = standingOf({ model_k: 1.05, yesterday_k: 1, predictions: 300 }, true);
  expect(lost.isTrusted).toBe(false);
  expect(lost.reason).toContain("no longer predicts this home well");
  // Where all days are alike, "as yesterday" is hard to beat, and a good model need not.
  expect(standingOf({ model_k: 0.4, yesterday_k: 0.3, predictions: 300 }, true).isTrusted).toBe(true);
});
