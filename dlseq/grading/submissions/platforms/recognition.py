"""Recognition of the learning platform of a download, once for the whole."""

from collections.abc import Collection
from dataclasses import replace

from dlseq.grading.submissions.platforms.blackboard import BLACKBOARD
from dlseq.grading.submissions.platforms.brightspace import BRIGHTSPACE
from dlseq.grading.submissions.platforms.canvas import CANVAS
from dlseq.grading.submissions.platforms.gradescope import GRADESCOPE
from dlseq.grading.submissions.platforms.ilias import ILIAS
from dlseq.grading.submissions.platforms.moodle import MOODLE
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["recognize"]

PLATFORMS = (CANVAS, MOODLE, GRADESCOPE, BLACKBOARD, BRIGHTSPACE, ILIAS)


def recognize(download: Download, others: Collection[str] = ()) -> tuple[Platform | None, dict[str, Upload]]:
    """Recognize the platform of a download: the one in whose form most names are, if that is not by chance.

    A student may hand in a file with a name in the form of another platform; it does not count against the majority.

    Args:
        download: its names.
        others: names that count against a form that people use as well, if they are not in it.

    Returns:
        The platform and an upload for each name in its form; None and nothing for names by people, and where as many
        names are by one platform as by another.

    Example:
        >>> platform, uploads = recognize(Download.of_names(["ada_1_20_a.py", "bob_3_21_a.py", "eve_5_22_a.py"]))
        >>> platform.name, uploads["bob_3_21_a.py"].identity.id
        ('Canvas', '3')
        >>> recognize(Download.of_names(["team_7_1_a.py", "group_8_1_a.py"]))
        (None, {})
    """
    found = [(platform, uploads) for platform in PLATFORMS if (uploads := platform.parse(download))]
    if not found:
        return None, {}
    most = max(len(uploads) for _, uploads in found)
    best = [(platform, uploads) for platform, uploads in found if len(uploads) == most]
    platform, uploads = best[0]
    by_chance = platform.mistakable and sum(name not in uploads for name in others) > len(uploads)
    if by_chance or len(best) > 1:
        return None, {}
    folders = {name: replace(upload, file_name="") for name, upload in uploads.items() if name in download.folders}
    return platform, {**uploads, **folders}
