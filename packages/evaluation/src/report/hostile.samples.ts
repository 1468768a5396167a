import type { Measurement } from "@plugboard/core";

/** Texts that a model may say, and that run where they are not taken for text. Each sets `window.ran` if it does. */
export const hostileTexts: readonly string[] = [
  "<script>window.ran = 1</script>",
  '"><img src=x onerror="window.ran = 2">',
  "' onmouseover='window.ran = 3' x='",
  "</pre></textarea></style></title></script><script>window.ran = 4</script>",
  "<svg><style><img src=x onerror=window.ran=5></style></svg>",
  "]]><svg onload=window.ran=6><![CDATA[",
  '<a href="javascript:window.ran=7">look</a><iframe srcdoc="<script>parent.ran=8</script>"></iframe>',
  "<!--><script>window.ran=9</script-->",
  "{{constructor.constructor('window.ran=10')()}} ${window.ran=11}",
  '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">',
  "<link rel=stylesheet href=https://evil.example/x.css><img src=https://evil.example/p.png>",
  "\u202Eright to left\u202C, \u0000 nothing, \uD800 half, \u2028 line",
];

/** Measurements of two models whose every word is hostile: names, prompts, groups, answers and errors. The candidate falls on every item. */
export function hostileMeasurements(): readonly Measurement[] {
  return ["baseline", "candidate"].flatMap((which) =>
    Array.from({ length: 60 }, (_, place): Measurement => {
      const text = hostileTexts[place % hostileTexts.length]!;
      const isFailed = which === "candidate" && place % 7 === 0;
      return {
        item: `${place} ${text}`,
        model: `${which} ${hostileTexts[1]}`,
        prompt: text,
        segments: { [text]: hostileTexts[(place + 1) % hostileTexts.length]! },
        scores: { [hostileTexts[0]!]: which === "baseline" ? 1 : 0 },
        output: `${which} ${text}`,
        cost: { total: 100 + place },
        latency: 10 + place,
        ...(isFailed && { error: { code: "server", message: text } }),
      };
    }),
  );
}
