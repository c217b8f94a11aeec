"""ffmpeg: encodes a clip that it generates, with the threads of its filters and of its encoder."""

from program_case import ProgramCase, main


class Ffmpeg(ProgramCase):
    needs = [("ffmpeg", "ffmpeg")]
    encoder = ["-c:v", "mpeg4", "-threads", "4"]

    def command(self, folder):
        # bitexact: no version and no date in the file, so that two runs can be compared.
        return ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error",
                "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=3", "-f", "lavfi", "-i",
                "sine=frequency=440:duration=3", "-filter_threads", "4", "-vf", "hue=h=40,scale=426:320",
                *self.encoder, "-c:a", "aac", "-flags", "+bitexact", "-fflags", "+bitexact", "clip.mkv"]


class X264(Ffmpeg):
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "4", "-pix_fmt", "yuv420p"]


if __name__ == "__main__":
    main(Ffmpeg(), X264())
