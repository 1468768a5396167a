/** Endings of names, and the types that they stand for. */
const types: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  mp4: "video/mp4",
  txt: "text/plain",
};

/** The media type that the end of a URL tells; `undefined` where it tells none. */
export function mediaTypeOf({ pathname }: URL): string | undefined {
  const [, ending = ""] = /\.([a-z0-9]+)$/i.exec(pathname) ?? [];
  return types[ending.toLowerCase()];
}
