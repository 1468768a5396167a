import { agreementPlans } from "./agreement-plan.ts";
import { qualityPolicy } from "./policy.ts";
import type { Policy, QualityPolicyOptions } from "./policy.ts";

/**
 * Goes by a quality model, and by whether cheaper models agree: two or three are asked in turn, and where two of them come to the same result,
 * that is given; else a better one is asked. Which are asked, if any, goes by what that came to on the task.
 *
 * It is what a `cascade` with `corroborated()` does, in front of which a `route` or an application chooses by task.
 */
export function agreementPolicy({ task = "task" }: Pick<QualityPolicyOptions, "task"> = {}): Policy {
  const alone = qualityPolicy({ task });
  return {
    name: "quality model with agreement",
    learn: (training) => ({ ...alone.learn(training), agreement: agreementPlans(training, task) }),
  };
}
