"""Clips: short moving pictures of one thing that does something, and animated GIF files of any origin.

`draw_clips` draws them from a seed; `read_clip` reads a file; `write_clips` writes them as GIF files; `stabilize`
undoes small motions of the camera.
"""

from dlseq.data.clips.activities import ACTIVITIES
from dlseq.data.clips.files import read_activity_csv, read_clip, write_clips
from dlseq.data.clips.generator import FRAMES, PIXELS, Clip, draw_clips
from dlseq.data.clips.stabilization import stabilize

__all__ = [
    "ACTIVITIES",
    "FRAMES",
    "PIXELS",
    "Clip",
    "draw_clips",
    "read_activity_csv",
    "read_clip",
    "stabilize",
    "write_clips",
]
