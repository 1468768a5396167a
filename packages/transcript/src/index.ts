export { aiSdkMessages } from "./ai-sdk/model-messages.ts";
export { aiSdkUiMessages } from "./ai-sdk/ui-messages.ts";
export { convert } from "./convert.ts";
export type { ConversionLoss, ConvertOptions, Converted } from "./convert.ts";
export type { Conversation, ConversationMessage, MessageNotes } from "./conversation.ts";
export { buildDataset } from "./dataset/build-dataset.ts";
export type { Dataset, DatasetLine, DatasetOptions, DatasetProblem, DatasetReport } from "./dataset/build-dataset.ts";
export { preferencePairs } from "./dataset/preference-pairs.ts";
export { readConversations } from "./dataset/read-conversations.ts";
export type { ReadConversationsOptions } from "./dataset/read-conversations.ts";
export type { PreferencePair, TrainingExample } from "./dataset/training-example.ts";
export type { TrainingFormat, WrittenPair } from "./dataset/training-format.ts";
export { trainingFormatNamed, trainingFormats } from "./dataset/training-formats.ts";
export { writeDataset } from "./dataset/write-dataset.ts";
export type { DatasetPaths, WriteDatasetOptions } from "./dataset/write-dataset.ts";
export { defineFormat } from "./define-format.ts";
export type { EncodedConversation, FormatParts } from "./define-format.ts";
export { chatgptExport } from "./exports/chatgpt.ts";
export { claudeExport } from "./exports/claude.ts";
export { folderFiles } from "./folder-files.ts";
export type { FileStore } from "./file-store.ts";
export type { Format, FormatContext, Holds, Loss, ReadConversation, WrittenConversation } from "./format.ts";
export { formatNamed, formats } from "./formats.ts";
export { anthropicMessages } from "./formats/anthropic.ts";
export { bedrockConverse } from "./formats/bedrock.ts";
export { chatMl } from "./formats/chatml.ts";
export { cohereChat } from "./formats/cohere.ts";
export { geminiContents } from "./formats/gemini.ts";
export { mistralChat } from "./formats/mistral.ts";
export { ollamaChat } from "./formats/ollama.ts";
export { openaiChat } from "./formats/openai-chat.ts";
export { openaiResponsesItems } from "./formats/openai-responses.ts";
export { shareGpt } from "./formats/sharegpt.ts";
export { callLines, conversationOf } from "./log/call-lines.ts";
export { fileLog } from "./log/file-log.ts";
export type { FileLogOptions } from "./log/file-log.ts";
export type { LogSink } from "./log/log-sink.ts";
export type { LoggedCall, LoggedError } from "./log/logged-call.ts";
export { readLog } from "./log/read-log.ts";
export type { ReadLogOptions } from "./log/read-log.ts";
export { record } from "./log/record.ts";
export type { RecordOptions, Recording } from "./log/record.ts";
export { replay } from "./log/replay.ts";
export type { ReplayOptions } from "./log/replay.ts";
export { conversationSchema } from "./plugboard/conversation-schema.ts";
export { plugboardLines } from "./plugboard/plugboard-lines.ts";
export { convertFile } from "./stream/convert-file.ts";
export type { ConvertFileOptions } from "./stream/convert-file.ts";
export { convertStream } from "./stream/convert-stream.ts";
export type {
  ConversionProblem,
  ConversionProgress,
  ConversionStream,
  ConvertStreamOptions,
} from "./stream/convert-stream.ts";
export { readItems } from "./stream/read-items.ts";
export type { Framing, Item, ReadItemsOptions } from "./stream/read-items.ts";
