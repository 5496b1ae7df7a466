"""Prints what was said in a recording."""

import sys

from faster_whisper import WhisperModel


def main(recording: str) -> None:
    model = WhisperModel("small", device="cpu", compute_type="int8")
    segments, _ = model.transcribe(recording, language="en")
    for segment in segments:
        print(segment.text.strip())


if __name__ == "__main__":
    main(sys.argv[1])
