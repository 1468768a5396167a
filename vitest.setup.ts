// Workers are shared from file to file, so each file gives back the real clock.
import { afterAll, vi } from "vitest";

afterAll(() => void vi.useRealTimers());
