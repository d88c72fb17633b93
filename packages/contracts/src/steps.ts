/** Steps of a plan or a forecast at most: a week of 5 minutes. */
export const maxSteps = 2016;
