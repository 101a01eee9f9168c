"""Downloads of learning platforms, in the layouts that these write, meet rosters: each mark is in its owner's row."""

import dataclasses
import random

import pytest

from dlseq.course.exercises import get_exercises
from dlseq.errors import DlseqError
from dlseq.grading.reports.matching import match_results
from dlseq.grading.reports.roster import Roster, Student, read_roster
from dlseq.grading.results import Identity, Person, SubmissionResult
from dlseq.grading.submissions.platforms.recognition import recognize
from dlseq.grading.submissions.platforms.upload import Download
from dlseq.grading.submissions.read import read_submissions

LM, DN = "language_model", "date_normalization"
TWO = get_exercises([LM, DN])
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Final Score
    Points Possible,,,,,100
"Lovelace, Ada",12,u-1,al12,A,
"Byron, Bob",13,u-2,bb13,A,
"王, 小明",14,u-3,wx14,A,
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade
Participant 12,Ada Lovelace,ada@uni.example,Submitted,
Participant 13,Bob Byron,bob@uni.example,Submitted,
Participant 14,小明 王,wang@uni.example,Submitted,
"""
BLIND = "\n".join(",".join(line.split(",")[:1] + line.split(",")[3:]) for line in WORKSHEET.splitlines())
GRADER = """First name,Last name,ID number,Email address,Last downloaded from this course
Ada,Lovelace,u-1,ada@uni.example,1700000000
Bob,Byron,u-2,bob@uni.example,1700000000
小明,王,u-3,wang@uni.example,1700000000
"""
BLACKBOARD = """"Last Name","First Name","Username","Student ID","Last Access","Availability"
"Lovelace","Ada","al12","u-1","2024-01-01","Yes"
"Byron","Bob","bb13","u-2","2024-01-01","Yes"
"王","小明","wx14","u-3","2024-01-01","Yes"
"""
BRIGHTSPACE = """OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#u-1,#al12,Lovelace,Ada,ada@uni.example,#
#u-2,#bb13,Byron,Bob,bob@uni.example,#
#u-3,#wx14,王,小明,wang@uni.example,#
"""
METADATA = """---
submission_901:
  :submitters:
  - :name: Ada Lovelace
    :sid: 'u-1'
    :email: ada@uni.example
  :created_at: 2024-03-04 09:00:00.000000000 Z
  :results:
    :tests:
    - :name: Bob Byron
      :score: 1.0
  :history:
  - :name: Bob Byron
    :email: bob@uni.example
submission_13:
  :submitters:
  - :name: "\\u5c0f\\u660e \\u738b"
    :sid: u-3
    :email: wang@uni.example
"""
ATTEMPT = "ps1_{}_attempt_2017-03-04-09-00-{}"


def attempt(login, second, name, file=LM, code=""):
    """Return the files that Blackboard writes for an attempt."""
    start = ATTEMPT.format(login, second)
    return {
        f"{start}.txt": f"Name: {name} ({login})\nAssignment: ps1\nDate Submitted: today\n",
        f"{start}_{file}.py": code,
    }


CANVAS_FILES = {
    f"lovelaceada_12_20001_{LM}.py": "ada",
    f"lovelaceada_12_20002_{DN}-1.py": "ada too",
    f"byronbob_LATE_13_20003_{LM}.py": "bob",
    f"王小明_14_20004_{LM}.py": "wang",
}
MOODLE_FILES = {
    f"Ada Lovelace_12_assignsubmission_file_/{LM}.py": "ada",
    "Ada Lovelace_12_assignsubmission_onlinetext_/onlinetext.html": "<p>",
    f"Bob Byron_13_assignsubmission_file_/work/{LM}.py": "bob",
    f"小明 王_14_assignsubmission_file_{LM}.py": "wang",
}
GROUP_FILES = {
    f"Team 1-Ada Lovelace_12_assignsubmission_file_/{LM}.py": "ada",
    f"Team 1-Bob Byron_13_assignsubmission_file_/{LM}.py": "bob",
    f"Default group-小明 王_14_assignsubmission_file_/{LM}.py": "wang",
}
BLIND_FILES = {
    f"Participant_12_assignsubmission_file_/{LM}.py": "ada",
    f"Teilnehmerin_13_assignsubmission_file_/{LM}.py": "bob",
    f"Team 2-Participant_14_assignsubmission_file_/{LM}.py": "wang",
}
GRADESCOPE_FILES = {
    "assignment_9_export/submission_metadata.yml": METADATA,
    f"assignment_9_export/submission_901/{LM}.py": "ada",
    f"assignment_9_export/submission_13/{LM}.py": "wang",
}
PAIR = METADATA.replace(
    "submission_13:\n  :submitters:",
    "submission_13:\n  :submitters:\n  - :name: Bob Byron\n    :email: bob@uni.example",
)
BLACKBOARD_FILES = {
    **attempt("al12", "00", "Ada Lovelace", code="older"),
    **attempt("al12", "59", "Ada Lovelace", code="ada"),
    **attempt("bb13", "01", "Bob Byron", code="bob"),
    **attempt("wx14", "02", "小明 王", "my_" + LM, code="wang"),
}
BRIGHTSPACE_FILES = {
    "index.html": "<html>",
    f"397063-2557369 - Ada Lovelace - Sep 24, 2024 926 PM/{LM}.py": "older",
    f"397063-2557369 - Ada Lovelace - Sep 25, 2024 105 AM/src/{LM}.py": "ada",
    f"397063-2557369 - Bob Byron - Sept 15 2024 901 AM - {LM}.py": "bob",
    f"397063-2557369 - 小明 王 - Oct 1, 2024 1201 AM/{LM}.py": "wang",
}
ILIAS_FILES = {
    "status.csv": "update;usr_id",
    f"Lovelace_Ada_al12_901/{LM}.py": "ada",
    f"Byron_Bob_bb13_902/{LM}.py": "bob",
    f"王_小明_wx14_12/{LM}.py": "wang",
}
TEAM_FILES = {
    f"Team 3/Lovelace_Ada_al12_901/{LM}.py": "ada",
    "Team 3/Byron_Bob_bb13_902/notes.txt": "",
    f"Team 4/王_小明_wx14_12/{LM}.py": "wang",
}
NBGRADER_FILES = {
    f"submitted/al12/ps1/{LM}.py": "ada",
    "submitted/al12/ps1/timestamp.txt": "2024-01-01",
    f"submitted/bb13/ps1/{LM}.py": "bob",
    f"submitted/u-3/ps1/{LM}.py": "wang",
    f"source/ps1/{LM}.py": "the course's",
    f"release/ps1/{LM}.py": "the course's",
    "nbgrader_config.py": "c = get_config()",
}
EACH = {"Ada": "ada", "Bob": "bob", "小明": "wang"}
LAYOUTS = {
    "Canvas": (CANVAS_FILES, CANVAS, EACH),
    "Canvas, Moodle's gradebook": (CANVAS_FILES, GRADER, EACH),
    "Moodle": (MOODLE_FILES, WORKSHEET, EACH),
    "Moodle, its gradebook": (MOODLE_FILES, GRADER, EACH),
    "Moodle, Canvas's gradebook": (MOODLE_FILES, CANVAS, EACH),
    "Moodle, groups": (GROUP_FILES, WORKSHEET, EACH),
    "Moodle, blind marking": (
        BLIND_FILES,
        BLIND,
        {"Participant 12": "ada", "Participant 13": "bob", "Participant 14": "wang"},
    ),
    "Moodle, blind marking revealed": (BLIND_FILES, WORKSHEET, EACH),
    "Gradescope, Canvas's gradebook": (GRADESCOPE_FILES, CANVAS, {"Ada": "ada", "小明": "wang"}),
    "Gradescope, Moodle's worksheet": (GRADESCOPE_FILES, WORKSHEET, {"Ada": "ada", "小明": "wang"}),
    "Gradescope, a group": (
        {**GRADESCOPE_FILES, "assignment_9_export/submission_metadata.yml": PAIR},
        GRADER,
        {"Ada": "ada", "Bob": "wang", "小明": "wang"},
    ),
    "Blackboard": (BLACKBOARD_FILES, BLACKBOARD, EACH),
    "Blackboard, Canvas's gradebook": (BLACKBOARD_FILES, CANVAS, EACH),
    "Blackboard, without its text files": (
        {name: code for name, code in BLACKBOARD_FILES.items() if not name.endswith(".txt")},
        BLACKBOARD,
        EACH,
    ),
    "Brightspace": (BRIGHTSPACE_FILES, BRIGHTSPACE, EACH),
    "ILIAS": (ILIAS_FILES, BLACKBOARD, EACH),
    "ILIAS, in its folder": ({f"Abgaben/{name}": code for name, code in ILIAS_FILES.items()}, CANVAS, EACH),
    "ILIAS, teams": (TEAM_FILES, CANVAS, {"Ada": "ada", "Bob": "ada", "小明": "wang"}),
    "nbgrader": (NBGRADER_FILES, CANVAS, EACH),
    "nbgrader, one student": ({f"submitted/al12/ps1/{LM}.py": "ada"}, CANVAS, {"Ada": "ada"}),
}


@pytest.fixture
def meet(tmp_path):
    """Function that writes a download and a roster, and returns the code in each row and the reasons of the others."""

    def meeting(files, roster, several=False):
        top = tmp_path / "download"
        for name, content in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        (tmp_path / "roster.csv").write_text(roster, "utf-8")
        submissions = read_submissions(sorted(top.iterdir()) if several else [top], TWO)
        code = {submission.student: _code(submission) for submission in submissions}
        results = [SubmissionResult(entry.student, "", "sandbox", (), identity=entry.identity) for entry in submissions]
        matching = match_results(results, read_roster(tmp_path / "roster.csv"))
        rows = {student.name or student.id: code[result.student] for student, result in matching.rows if result}
        return rows, {code[lost.result.student]: lost.reason for lost in matching.unmatched}

    return meeting


def _code(submission):
    return "".join(text for _, text in submission.cells.get(LM, ()))


@pytest.mark.parametrize("case", LAYOUTS)
def test_each_mark_of_a_platform_is_in_its_owners_row(meet, case):
    files, roster, expected = LAYOUTS[case]
    rows, lost = meet(files, roster)
    assert {next(word for word in expected if word in name): code for name, code in rows.items()} == expected
    assert lost == {}


@pytest.mark.parametrize("case", ["Canvas", "Moodle", "Blackboard", "Brightspace", "ILIAS", "ILIAS, teams"])
def test_several_paths_are_read_as_one_download(meet, case):
    files, roster, expected = LAYOUTS[case]
    files = {name: code for name, code in files.items() if name not in ("index.html", "status.csv")}
    rows, lost = meet(files, roster, several=True)
    assert sorted(rows.values()) == sorted(expected.values()) and lost == {}


FORGED = {
    "a team and a group by people": (
        {f"team_12_1_{LM}.py": "x", f"group_13_1_{LM}.py": "y"},
        CANVAS,
        {"x": "nobody in the roster has this name", "y": "nobody in the roster has this name"},
    ),
    "three laboratories by people": (
        {f"lab_1_2_{name}/{LM}.py": name for name in ("xa", "xb", "xc")},
        CANVAS,
        dict.fromkeys(("xa", "xb", "xc"), "nobody in the roster has this name"),
    ),
    "a name that ends with another's id on Canvas": (
        {f"byronbob_13_15_20009_{LM}.py": "x", f"lovelaceada_12_20001_{LM}.py": "ada"},
        CANVAS,
        {"x": "nobody in the roster has this name or id"},
    ),
    "a name that ends with another's id alone on Canvas": (
        {f"byronbob_13_15_20009_{LM}.py": "x"},
        CANVAS,
        {"x": "its file name may be by the ids 13 and 15"},
    ),
    "a folder unpacked from a file of Canvas": ({f"byronbob_13_20001_work/{LM}.py": "bob"}, CANVAS, {}),
    "Canvas's id of a group's member": (
        {f"team7_12_20001_{LM}.py": "x"},
        CANVAS,
        {"x": "nobody has both its id and its name, or it is a group"},
    ),
    "Canvas graded anonymously": (
        {f"anon_aB3d_20001_{LM}.py": "x", f"anon_12_20002_{DN}.py": "", f"LATE_anon_9_20003_{LM}.py": "y"},
        CANVAS,
        {"x": "Canvas graded anonymously", "y": "Canvas graded anonymously", "": "Canvas graded anonymously"},
    ),
    "Gradescope's submission of a number that is an id": (
        {f"submission_13/{LM}.py": "x"},
        CANVAS,
        {"x": "submission_metadata.yml does not tell"},
    ),
    "an id of Moodle that is one of Canvas": (
        {f"Zoe Zimmer_13_assignsubmission_file_/{LM}.py": "x"},
        CANVAS,
        {"x": "nobody in the roster has this name or id"},
    ),
    "an id of Moodle that is the number of another": (
        {f"Cy Young_12_assignsubmission_file_/{LM}.py": "x"},
        GRADER.replace("u-2", "12"),
        {"x": "nobody in the roster has this name or id"},
    ),
    "a group of Moodle without its worksheet": (
        {f"Anne-Bob Byron_13_assignsubmission_file_/{LM}.py": "x"},
        GRADER,
        {"x": "nobody in the roster has this name or id"},
    ),
    "blind marking without a worksheet": (
        {f"Participant_12_assignsubmission_file_/{LM}.py": "x"},
        GRADER,
        {"x": "the download tells no name"},
    ),
    "a member of a group who has left": (
        {
            "assignment_9_export/submission_metadata.yml": PAIR.replace("Bob Byron", "Cy Young").replace("bob@", "cy@"),
            f"assignment_9_export/submission_13/{LM}.py": "x",
        },
        GRADER,
        {"x": "a group of 2: nobody in the roster has this name or id"},
    ),
    "another of the same name, by the email address": (
        {
            "submission_metadata.yml": METADATA.replace("ada@", "other@").replace("u-1", "u-9"),
            f"submission_901/{LM}.py": "x",
        },
        GRADER,
        {"x": "nobody in the roster has this email address, and the name is not enough"},
    ),
    "the name and the number of another, which a student enters, by the email address": (
        {
            "submission_metadata.yml": METADATA.replace("ada@", "eve@"),
            f"submission_901/{LM}.py": "x",
        },
        GRADER,
        {"x": "nobody in the roster has this email address, and the name is not enough"},
    ),
    "an email address of one and a name of another": (
        {"submission_metadata.yml": METADATA.replace("ada@", "bob@"), f"submission_901/{LM}.py": "x"},
        GRADER,
        {"x": "its email address and its number are of different students"},
    ),
    "an attempt whose user name begins with the assignment's": (
        {f"{ATTEMPT.format('x_al12', '00')}_{LM}.py": "x", f"{ATTEMPT.format('x_bb13', '00')}_{LM}.py": "y"},
        BLACKBOARD,
        {"x": "Blackboard's text file of the attempt is missing", "y": "Blackboard's text file"},
    ),
    "two dates in a name of Brightspace": (
        {f"1-2 - Bob Byron - Sep 24, 2024 926 PM - Sep 25, 2024 926 PM/{LM}.py": "x"},
        BRIGHTSPACE,
        {"x": "its name has two dates"},
    ),
    "a folder called as an id of Canvas": (
        {f"13/{LM}.py": "x", f"99/{LM}.py": "y"},
        CANVAS,
        {
            "x": "it is an id, which counts in a download of its platform alone",
            "y": "nobody in the roster has this name",
        },
    ),
    "a number of one that is the platform's id of another": (
        {f"13/{LM}.py": "x", f"99/{LM}.py": "y"},
        CANVAS.replace("u-1", "13"),
        {"x": "several students of the roster fit", "y": "nobody in the roster has this name"},
    ),
}


@pytest.mark.parametrize("case", FORGED)
def test_what_is_not_sure_is_in_no_row_and_has_a_reason(meet, case):
    files, roster, reasons = FORGED[case]
    rows, lost = meet(files, roster)
    assert not set(rows.values()) & (set(reasons) - {"x"} if "group of 2" in reasons.get("x", "") else set(reasons))
    assert set(lost) == set(reasons)
    assert all(lost[code].startswith(reason) for code, reason in reasons.items())


@pytest.mark.parametrize("case", ["Canvas", "Moodle", "Blackboard", "Brightspace", "ILIAS"])
def test_a_download_within_a_folder_that_stands_alone_is_refused(meet, case):
    """The folder could be that of the first student who has handed in, with names chosen to be somebody else's."""
    files, roster, _ = LAYOUTS[case]
    with pytest.raises(DlseqError, match=r"the folder eve alone, with names by .* Name .*eve if it is the download\."):
        meet({f"eve/{name}": code for name, code in files.items()}, roster)


@pytest.mark.parametrize("place", ["download", "Byron, Bob"])
def test_folders_in_a_students_own_folder_hand_nothing_in_for_others(meet, tmp_path, place):
    """The only student who has handed in, or whose work is graded alone, may have folders called as others are."""
    start = "" if place == "download" else f"{place}/"
    files = {f"{start}Ada Lovelace/{LM}.py": "x", f"{start}小明 王/{LM}.py": "y"}
    rows, lost = meet(files, CANVAS)
    assert set(rows.values()) == (set("xy") if place == "download" else set())
    assert set(lost.values()) <= {"it lies in Byron, Bob, which is called as a student of the roster"}


def test_a_wrapper_in_a_students_folder_is_refused(meet):
    with pytest.raises(DlseqError, match="the folder eve alone, with names by Gradescope"):
        meet({f"eve/{name}": code for name, code in GRADESCOPE_FILES.items()}, GRADER)


FIRST = ["Ada", "Áda", "Wei", "Li", "Na", "Jean-Luc", "Zoë", "Zoe", "Anna"]
LAST = ["Li", "Wei", "Łoś", "O'Brien", "Brontë", "Bronte", "An", "Na Li"]


def canvas_names(student, late):
    return f"{squashed(student.name)}_{'LATE_' * late}{student.canvas}_{20000 + student.place}_{LM}.py"


def squashed(name):
    return "".join(letter for letter in name.lower() if letter.isalnum())


def moodle_names(student, late):
    return f"{student.name}_{student.moodle}_assignsubmission_file_{LM}.py"


def brightspace_names(student, late):
    return f"1-2 - {student.name} - Sep {student.place + 1}, 2024 926 PM - {LM}.py"


def ilias_names(student, late):
    return f"{'_'.join(reversed(student.name.split(' ', 1)))}_{student.login}_{student.moodle}"


def folder_names(student, late):
    return student.name.replace(" ", "_") if late else student.name


@dataclasses.dataclass(frozen=True)
class Owner:
    """A student with ids on two platforms, which collide with those of others."""

    place: int
    name: str
    canvas: int
    moodle: int
    number: int

    @property
    def login(self):
        return f"l{self.number}"

    def row(self, platform):
        first, _, last = self.name.partition(" ")
        if platform == "canvas":
            return Student(f"{last}, {first}", str(self.canvas), str(self.number), self.login)
        return Student(self.name, f"Participant {self.moodle}", str(self.number), "", f"{self.login}@uni.example")


def draw_class(draw):
    """Draw students, some of whom are namesakes, with ids out of one small range on each platform."""
    count = draw.randrange(2, 9)
    ids = [draw.sample(range(10, 22), count) for _ in range(3)]
    names = [f"{draw.choice(FIRST)} {draw.choice(LAST)}" for _ in range(count)]
    return [Owner(place, *fields) for place, fields in enumerate(zip(names, *ids, strict=True))]


def hand_in(draw, naming, owners):
    """Return the results of a download; each is called as its owner's place."""
    names = {naming(owner, draw.random() < 0.3): owner for owner in owners}
    download = Download(dict.fromkeys(names, ())) if naming is ilias_names else Download.of_names(names)
    platform, uploads = recognize(download, list(names))
    for name, owner in names.items():
        person = (Person(name),)
        identity = uploads[name].identity if platform else Identity(people=person)
        yield SubmissionResult(str(owner.place), "", "sandbox", (), identity=identity)


NAMINGS = (canvas_names, moodle_names, brightspace_names, ilias_names, folder_names)


@pytest.mark.parametrize("naming", NAMINGS)
def test_marks_of_random_classes_land_in_no_other_row(naming):
    """Namesakes, accents, swapped names, and ids of one platform that are those of other students on another one."""
    draw, matched = random.Random(naming.__name__), 0
    for _ in range(300):
        owners = draw_class(draw)
        results = list(hand_in(draw, naming, draw.sample(owners, draw.randrange(1, len(owners) + 1))))
        platform = draw.choice(["canvas", "moodle"])
        matching = match_results(results, Roster(platform, tuple(owner.row(platform) for owner in owners)))
        found = {place: result.student for place, (_, result) in enumerate(matching.rows) if result}
        assert all(student == str(place) for place, student in found.items()), (owners, results)
        lost = [unmatched.result.student for unmatched in matching.unmatched if unmatched.reason]
        assert sorted([*found.values(), *lost]) == sorted(result.student for result in results)
        matched += len(found)
    assert matched > 300  # or nothing would be tested


@pytest.mark.parametrize("naming", [canvas_names, moodle_names])
def test_namesakes_who_are_strangers_land_in_no_row_of_their_platform(naming):
    """Students who have left have ids that the roster lacks, and often the name of somebody who has stayed."""
    draw, platform = random.Random(5), naming.__name__.partition("_")[0]
    for _ in range(300):
        owners = draw_class(draw)
        stayed = owners[: len(owners) // 2]
        results = hand_in(draw, naming, owners[len(owners) // 2 :])
        matching = match_results(list(results), Roster(platform, tuple(owner.row(platform) for owner in stayed)))
        assert not any(result for _, result in matching.rows)
