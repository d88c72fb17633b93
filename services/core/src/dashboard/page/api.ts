/** The core's API as the page uses it. */
import type { ProblemDetails } from "@azru/contracts";

/** An answer that is not what was asked for. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const tokenKey = "azru-token";

/** Where a path of the API is: below the page's own folder, which is not the root within Home Assistant. */
export function addressOf(path: string): string {
  return `.${path}`;
}

export async function get<T>(path: string): Promise<T> {
  const response = await fetch(addressOf(path), { cache: "no-store", signal: AbortSignal.timeout(15_000) });
  return answerOf(response);
}

/** As `get`; null where there is none yet. */
export async function getIfAny<T>(path: string): Promise<T | null> {
  try {
    return await get(path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export type Method = "POST" | "PUT" | "DELETE";

/** Changes something. Where the API asks for its token, the user is asked for it, until it is right or refused. */
export async function send<T>(
  method: Method,
  path: string,
  body: object | undefined,
  askToken: (wasWrong: boolean) => Promise<string | undefined>,
): Promise<T> {
  for (let token = sessionStorage.getItem(tokenKey) ?? undefined; ; ) {
    const response = await fetch(addressOf(path), {
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

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return response.json();
  const isJson = response.headers.get("content-type")?.includes("json");
  const problem: Partial<ProblemDetails> = isJson ? await response.json() : {};
  throw new ApiError(response.status, problem.detail ?? problem.title ?? `HTTP ${response.status}`);
}
