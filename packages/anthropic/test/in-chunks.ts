import { awsFrame } from "@plugboard/recordings";
import type { ProviderSample } from "@plugboard/testing";

/** A sample as Bedrock's InvokeModel would send it: each event of a stream in base64, in a message of an AWS event stream. */
export function inChunks(sample: ProviderSample): ProviderSample {
  if (sample.framing !== "sse") return sample;
  return { ...sample, framing: "aws-eventstream", headers: streamHeaders, body: Buffer.concat(chunksOf(sample.body)) };
}

const streamHeaders = { "content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": "a-request" };

function chunksOf(body: Uint8Array): Buffer[] {
  const lines = new TextDecoder().decode(body).split(/\r\n|\r|\n/);
  return lines
    .filter((line) => line.startsWith("data:"))
    .map((line, place) => {
      const bytes = Buffer.from(line.slice("data:".length).trim()).toString("base64");
      return awsFrame("chunk", { bytes, p: "abcdefghijklmnop".slice(0, place % 16) });
    });
}
