/** The core's API as the page uses it. */

/** @typedef {import("@azru/contracts").ProblemDetails} ProblemDetails */

/** An answer that is not what was asked for. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const tokenKey = "azru-token";

/**
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export async function get(path) {
  const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(15_000) });
  return answerOf(response);
}

/**
 * As `get`; null where there is none yet.
 *
 * @template T
 * @param {string} path
 * @returns {Promise<T | null>}
 */
export async function getIfAny(path) {
  try {
    return await get(path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** @typedef {"POST" | "PUT" | "DELETE"} Method */

/**
 * Changes something. Where the API asks for its token, the user is asked for it, until it is right or refused.
 *
 * @template T
 * @param {Method} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {(wasWrong: boolean) => Promise<string | undefined>} askToken
 * @returns {Promise<T>}
 */
export async function send(method, path, body, askToken) {
  for (let token = sessionStorage.getItem(tokenKey) ?? undefined; ; ) {
    const response = await fetch(path, {
      method,
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    if (response.status !== 401) {
      if (token) sessionStorage.setItem(tokenKey, token);
      return answerOf(response);
    }
    sessionStorage.removeItem(tokenKey);
    token = await askToken(token !== undefined);
    if (token === undefined) throw new ApiError(401, "");
  }
}

/** @param {Response} response */
async function answerOf(response) {
  if (response.ok) return response.json();
  const isJson = response.headers.get("content-type")?.includes("json");
  /** @type {Partial<ProblemDetails>} */
  const problem = isJson ? await response.json() : {};
  throw new ApiError(response.status, problem.detail ?? problem.title ?? `HTTP ${response.status}`);
}
