import type { JsonSchema } from "@plugboard/core";

const text = { type: "string" };
const providerData = {
  description: "Data of providers, by their names; handed back to them untouched.",
  type: "object",
  additionalProperties: { type: "object" },
};
const source = {
  type: "object",
  properties: {
    type: { const: "source" },
    id: text,
    url: text,
    title: text,
    mediaType: text,
    filename: text,
    providerData,
  },
  required: ["type"],
};
const textPart = {
  type: "object",
  properties: {
    type: { const: "text" },
    text,
    citations: {
      type: "array",
      items: {
        type: "object",
        properties: {
          source: { $ref: "#/$defs/source" },
          start: { type: "integer" },
          end: { type: "integer" },
          quote: text,
        },
        required: ["source"],
      },
    },
    providerData,
  },
  required: ["type", "text"],
};
const filePart = {
  type: "object",
  properties: {
    type: { const: "file" },
    mediaType: { type: "string", minLength: 1 },
    filename: text,
    data: {
      oneOf: [
        { type: "object", properties: { url: { type: "string", format: "uri" } }, required: ["url"] },
        { type: "object", properties: { sha256: { type: "string", pattern: "^[0-9a-f]{64}$" } }, required: ["sha256"] },
      ],
    },
    providerData,
  },
  required: ["type", "mediaType", "data"],
};
const toolResult = {
  type: "object",
  properties: {
    type: { const: "tool-result" },
    id: text,
    name: text,
    isError: { type: "boolean" },
    executed: { const: true },
    output: {
      oneOf: [
        text,
        {
          type: "array",
          items: {
            oneOf: [
              { $ref: "#/$defs/text" },
              { $ref: "#/$defs/file" },
              { type: "object", properties: { type: { const: "json" }, value: true }, required: ["type", "value"] },
            ],
          },
        },
      ],
    },
    providerData,
  },
  required: ["type", "id", "name", "output"],
};
const opaque = {
  type: "object",
  properties: { type: { const: "opaque" }, kind: text, providerData },
  required: ["type", "kind", "providerData"],
};
const notes = {
  id: text,
  created: { description: "Milliseconds since the epoch.", type: "number" },
  model: text,
  providerData,
};

/** The JSON Schema (draft 2020-12) of a line of our own form, version 1. */
export const conversationSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A conversation, version 1",
  description: "One line of a file of conversations (JSONL).",
  type: "object",
  properties: {
    format: { const: "plugboard.conversation" },
    version: { const: 1 },
    title: text,
    ...notes,
    messages: { type: "array", items: { $ref: "#/$defs/message" } },
    tools: {
      type: "array",
      items: {
        oneOf: [
          {
            type: "object",
            properties: {
              type: { const: "function" },
              name: text,
              description: text,
              input: { description: "A JSON Schema of the type object.", type: "object" },
              strict: { type: "boolean" },
              providerData,
            },
            required: ["name", "input"],
          },
          {
            type: "object",
            properties: {
              type: { const: "provider" },
              id: text,
              name: text,
              options: { type: "object" },
              providerData,
            },
            required: ["type", "id"],
          },
        ],
      },
    },
    files: {
      description:
        "The bytes of files in base64, by their SHA-256 in hexadecimal; none where a store of files has them.",
      type: "object",
      additionalProperties: text,
    },
  },
  required: ["format", "version", "messages"],
  $defs: {
    source,
    text: textPart,
    file: filePart,
    message: {
      oneOf: [
        {
          type: "object",
          properties: { role: { const: "system" }, content: text, ...notes },
          required: ["role", "content"],
        },
        {
          type: "object",
          properties: {
            role: { const: "user" },
            content: {
              oneOf: [text, { type: "array", items: { oneOf: [{ $ref: "#/$defs/text" }, { $ref: "#/$defs/file" }] } }],
            },
            ...notes,
          },
          required: ["role", "content"],
        },
        {
          type: "object",
          properties: {
            role: { const: "assistant" },
            content: {
              oneOf: [
                text,
                {
                  type: "array",
                  items: {
                    oneOf: [
                      { $ref: "#/$defs/text" },
                      {
                        type: "object",
                        properties: { type: { const: "reasoning" }, text, providerData },
                        required: ["type", "text"],
                      },
                      { $ref: "#/$defs/file" },
                      { $ref: "#/$defs/source" },
                      {
                        type: "object",
                        properties: {
                          type: { const: "tool-call" },
                          id: text,
                          name: text,
                          input: true,
                          raw: text,
                          invalid: { const: true },
                          executed: { const: true },
                          providerData,
                        },
                        required: ["type", "id", "name", "input"],
                      },
                      toolResult,
                      opaque,
                    ],
                  },
                },
              ],
            },
            ...notes,
          },
          required: ["role", "content"],
        },
        {
          type: "object",
          properties: {
            role: { const: "tool" },
            content: { type: "array", items: { oneOf: [toolResult, opaque] } },
            ...notes,
          },
          required: ["role", "content"],
        },
      ],
    },
  },
};
