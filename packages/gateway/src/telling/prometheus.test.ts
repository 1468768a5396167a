import { expect, test } from "vitest";
import { registry } from "./prometheus.ts";

test("writes counters, histograms and gauges as Prometheus reads them", () => {
  const all = registry();
  const requests = all.counter("requests_total", "Requests.");
  requests.add({ route: "chat", status: "200" });
  requests.add({ route: "chat", status: "200" }, 2);
  requests.add({ route: 'a"b\\c\nd', status: "" });
  const seconds = all.histogram("seconds", "Time.", [0.1, 1]);
  for (const value of [0.05, 0.1, 0.5, 9]) seconds.observe({}, value);
  all.gauge("open", "Open.", () => 7);
  expect(all.text()).toBe(`# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{route="chat",status="200"} 3
requests_total{route="a\\"b\\\\c\\nd",status=""} 1
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{le="0.1"} 2
seconds_bucket{le="1"} 3
seconds_bucket{le="+Inf"} 4
seconds_sum 9.65
seconds_count 4
# HELP open Open.
# TYPE open gauge
open 7
`);
});

test("keeps no more rows than so many", () => {
  const all = registry();
  const counter = all.counter("c", "C.");
  for (let row = 0; row < 6000; row++) counter.add({ row: String(row) });
  counter.add({ row: "0" });
  const lines = all.text().split("\n");
  expect(lines.length).toBe(5000 + 3);
  expect(lines).toContain('c{row="0"} 2');
});
