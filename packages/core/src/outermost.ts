import type { Call } from "./callable.ts";
import type { ModelReply } from "./model-reply.ts";
import type { CallOptions, ModelRequest } from "./request.ts";
import { askedRequest } from "./asked-request.ts";
import { AttemptList } from "./attempt-list.ts";
import { ModelError } from "./error.ts";

/** What `generate` and `stream` share: checks the request, gathers the attempts, and puts them where the caller looks. */
export async function outermost(call: Call, asked: ModelRequest | string, stream: boolean): Promise<ModelReply> {
  const request = askedRequest(asked);
  const list = new AttemptList(request.notify);
  try {
    const reply = await call({ ...request, stream, notify: list.notify });
    return reply
      .through("finish", (event, emit) => {
        const { attempts, cost } = list;
        emit(cost ? { ...event, attempts, cost } : { ...event, attempts });
      })
      .onEnd((outcome) => {
        if (outcome.status === "failed") list.conclude(outcome.error);
      });
  } catch (cause) {
    throw concluded(cause, list);
  }
}

/** The same for answers that come whole: what `embed` and `rerank` share. The request has been checked. */
export async function outermostWhole<Request extends CallOptions, Result extends object>(
  call: Call<Request, Result>,
  request: Request,
): Promise<Result> {
  const list = new AttemptList(request.notify);
  try {
    const result = await call({ ...request, notify: list.notify });
    const { attempts, cost } = list;
    return cost ? { ...result, attempts, cost } : { ...result, attempts };
  } catch (cause) {
    throw concluded(cause, list);
  }
}

function concluded(cause: unknown, list: AttemptList): ModelError {
  const error = ModelError.from(cause);
  list.conclude(error);
  return error;
}
