"""ffmpeg at a size at which all its threads have work: filters, H.264 encoding in frames and slices, and decoding again."""

from ffmpeg_test import Ffmpeg
from program_case import ProgramCase, main


class Encode(Ffmpeg):
    seconds = 300

    def command(self, folder):
        return ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=10",
                "-filter_threads", "8", "-vf", "hue=h=40,gblur=sigma=2,scale=1920:1080", "-c:v", "libx264", "-preset", "medium", "-threads", "8",
                "-pix_fmt", "yuv420p", "-flags", "+bitexact", "-fflags", "+bitexact", "clip.mkv"]


class Slices(Encode):
    def command(self, folder):
        return [*super().command(folder)[:-1], "-x264-params", "sliced-threads=1:slices=8", "clip.mkv"]


class Decode(ProgramCase):
    needs = Ffmpeg.needs
    seconds = 120

    def command(self, folder):
        return ["sh", "-c", "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=size=1280x720:rate=30:duration=10 -c:v libx264 -preset ultrafast"
                " -flags +bitexact -fflags +bitexact clip.mkv && ffmpeg -nostdin -loglevel error -threads 8 -i clip.mkv -f framemd5 -"]


main(Encode(), Slices(), Decode())
