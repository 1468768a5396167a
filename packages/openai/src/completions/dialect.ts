import type { RefusableField } from "../shared/model-rule.ts";
import type { GapMarks } from "./gap-marks.ts";

/** How a vendor fills in the middle, where it is not as OpenAI did it. */
export interface CompletionRules {
  /** Where requests go, after the base URL. @default "/completions" */
  readonly path?: string;
  /** The models that fill in the middle, by id, or by catalogue name where they have one. @default all */
  readonly models?: RegExp;
  /**
   * How the text after the gap is sent: as a member of the body, or inside the prompt, between the marks that the model's family was
   * trained on: `gapMarks`, which is given so that vendors that know a suffix do not carry it.
   *
   * @default "suffix"
   */
  readonly form?: "suffix" | GapMarks;
  /** Request fields that it does not take here, besides those that no model of the vendor takes. */
  readonly refuses?: readonly RefusableField[];
  /** Whether a stream tells its usage only when asked with `stream_options`. @default as in chat */
  readonly streamUsage?: boolean;
}
