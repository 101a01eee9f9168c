"""Names against Faker's own lists, against files written for the purpose, and against reorderings of themselves."""

import hashlib
import pkgutil
import random
import subprocess
import sys
import unicodedata
from importlib import resources

import pytest
from faker.providers import person
from faker.providers.person.en import Provider as English
from faker.providers.person.en_US import Provider as American
from faker.providers.person.ja_JP import Provider as Japanese
from faker.providers.person.ko_KR import Provider as Korean
from faker.providers.person.mk_MK import Provider as Macedonian
from faker.providers.person.pl_PL import Provider as Polish
from hypothesis import given
from hypothesis import strategies as st

from dlseq.data.names import NameSplit, Novelty, corpora, load_names, novelty, split_names
from dlseq.errors import DataError, DlseqError


@pytest.fixture
def names_file(tmp_path):
    """Returns a function that writes bytes to a file and gives its path."""

    def write(content):
        path = tmp_path / "names.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def fingerprint(names):
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


# The corpora that ship


def test_the_dinosaurs_are_a_sorted_list_of_single_capitalised_latin_words():
    lines = resources.files("dlseq.data").joinpath("dinosaurs.txt").read_text("ascii").splitlines()
    assert len(lines) >= 350
    assert lines == sorted(set(lines))
    assert [line for line in lines if not (line.isalpha() and line == line.capitalize())] == []
    assert load_names("dinosaurs") == lines


@pytest.mark.parametrize("wrong", ["Dimetrodon", "Pteranodon", "Plesiosaurus", "Archaeopteryx", "Mosasaurus"])
def test_famous_beasts_that_are_no_dinosaurs_or_are_birds_stay_out(wrong):
    assert wrong not in load_names("dinosaurs")


@pytest.mark.parametrize("famous", ["Tyrannosaurus", "Iguanodon", "Yi", "Micropachycephalosaurus", "Archaeoceratops"])
def test_famous_dinosaurs_are_in(famous):
    assert famous in load_names("dinosaurs")


def test_english_is_every_distinct_first_name_of_faker_en():
    names = load_names("english")
    assert names == sorted(set(English.first_names_male) | set(English.first_names_female))
    assert len(names) == 6824
    assert names == load_names("en")


@pytest.mark.parametrize("corpus", corpora())
def test_every_corpus_that_is_offered_loads_sorted_distinct_composed_and_tidy(corpus):
    names = load_names(corpus)
    assert len(names) >= 200
    assert len(names) <= 12_000
    assert names == sorted(set(names))
    for name in names:
        assert name == unicodedata.normalize("NFC", " ".join(name.split()))
        assert name.split()


def test_every_locale_of_faker_that_names_persons_is_offered():
    """`es` inherits all its names from Faker's English stand-ins, so it has none of its own."""
    locales = {module.name for module in pkgutil.iter_modules(person.__path__)}
    offered = {name for name in corpora() if "@" not in name}
    assert offered == locales - {"es"} | {"dinosaurs", "english"}


def test_a_locale_that_inherits_the_stand_ins_gives_its_own_names_and_not_john_and_jane():
    """de_LI lists names for women and men only; `Provider.first_names` there is still Faker's ["John", "Jane"]."""
    names = load_names("de_LI")
    assert len(names) > 400
    assert "Jane" not in names


def test_a_locale_whose_first_names_are_a_property_is_read_from_its_parts():
    """es_CL computes `first_names` on an instance; read from the class it is no list of names."""
    assert len(load_names("es_CL")) == 1000


def test_korean_full_names_are_family_and_given_name_without_a_space_in_hangul():
    expected = {family + given for family in Korean.last_names for given in Korean.first_names}
    assert set(load_names("ko_KR")) == expected
    assert all("HANGUL" in unicodedata.name(character) for name in load_names("ko_KR")[::97] for character in name)


def test_japanese_comes_as_it_is_written_in_kana_and_in_latin_letters():
    def pairs(column):
        given = [pair[column] for pair in (*Japanese.first_name_male_pairs, *Japanese.first_name_female_pairs)]
        return given, [pair[column] for pair in Japanese.last_name_pairs]

    given, family = pairs(0)
    assert set(load_names("ja_JP")) == {f"{last} {first}" for first in given for last in family}
    given, family = pairs(1)
    assert set(load_names("ja_JP@kana")) == {f"{last} {first}" for first in given for last in family}
    given, family = pairs(2)
    assert set(load_names("ja_JP@romanized")) == {f"{first} {last}" for first in given for last in family}


def test_full_names_agree_in_gender_where_the_locale_declines_them():
    names = load_names("mk_MK")
    assert len(names) > 5000
    women, men = set(Macedonian.first_names_female), set(Macedonian.first_names_male)
    for name in names:
        first, last = name.split(" ", 1)
        assert (first in women and last in Macedonian.last_names_female) or (
            first in men and last in Macedonian.last_names_male
        )


def test_a_selection_of_very_many_full_names_is_even_over_first_and_last_names():
    names = [name.rsplit(" ", 1) for name in load_names("pl_PL")]
    firsts = [first for first, _ in names]
    uses = [firsts.count(first) for first in sorted(set(firsts))]
    assert set(firsts) == set(Polish.first_names)
    assert max(uses) - min(uses) <= 1
    assert 9_000 <= len(names) <= 10_200
    assert len({last for _, last in names}) > 0.9 * len(set(Polish.unisex_last_names))


def test_weights_play_no_part_and_first_names_of_all_genders_are_in():
    assert set(load_names("en_US")) == {*American.first_names_male, *American.first_names_female}


def test_stray_spaces_of_faker_make_no_second_name():
    """az_AZ has both "Fuad" and "Fuad " among its names, and es_AR "Uma "."""
    assert [name for name in load_names("az_AZ") if name.startswith("Fuad")] == ["Fuad"]
    assert "Uma" in load_names("es_AR")


@pytest.mark.parametrize("spelling", ["fr_FR", "fr-fr", "FR_fr", " fr_FR "])
def test_a_locale_may_be_spelled_as_people_spell_locales(spelling):
    assert load_names(spelling) == load_names("fr_FR")


def test_names_and_splits_are_the_same_in_a_process_with_another_hash_seed():
    code = (
        "from dlseq.data.names import load_names, split_names\n"
        "for corpus in ('en', 'th_TH', 'zu_ZA', 'ja_JP@kana'):\n"
        "    print(*load_names(corpus), *split_names(load_names(corpus), seed=5).train, sep='|')\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"|") > 20_000


def test_the_module_is_imported_without_faker():
    code = "import sys, dlseq.data.names; sys.exit('faker' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# Files


def test_a_file_is_read_without_blanks_repetitions_or_a_byte_order_mark(names_file):
    path = names_file("\ufeffZoé\r\n\n  Anna  \nAnna\n\t\nBo\u00a0 Li\rÅse")
    assert load_names(path) == ["Anna", "Bo Li", "Zoé", "Åse"]
    assert load_names(str(path)) == load_names(path)


def test_composed_and_decomposed_letters_are_one_name(names_file):
    assert load_names(names_file("Zo\u0065\u0301\nZo\u00e9\n")) == ["Zo\u00e9"]


def test_lower_writes_small_letters_and_merges_what_becomes_the_same(names_file):
    path = names_file("ANNA\nAnna\nÉmile\nΣΟΦΙΑ\n")
    assert load_names(path, lower=True) == ["anna", "émile", "σοφια"]
    assert len(load_names(path)) == 4


def test_a_joiner_inside_an_indic_name_is_kept(names_file):
    assert load_names(names_file("रत्\u200dन\n")) == ["रत्\u200dन"]


def test_a_name_of_exactly_a_hundred_characters_is_allowed(names_file):
    assert load_names(names_file("a" * 100)) == ["a" * 100]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "received no name at all"),
        (b" \n\r\n\t\n", "received no name at all"),
        ("Anna\nJos\u00e9\n".encode("latin-1"), "line 2: expected text in UTF-8"),
        ("Anna\nBert\n".encode("utf-16"), "line 1: expected text in UTF-8"),
        ("Anna\n" + "b" * 101, "line 2: .* at most 100 characters, received 101"),
        ("Anna\n\nBert\t17\n", "line 3: .*received a tab"),
        (b"\x00\x01\x02", "line 1: .*control character"),
    ],
)
def test_a_file_that_is_no_list_of_names_is_refused_with_its_line(names_file, content, message):
    with pytest.raises(DataError, match=message) as caught:
        load_names(names_file(content))
    assert "names.txt" in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for corpus in (tmp_path / "absent.txt", str(tmp_path / "absent"), tmp_path, "absent.txt"):
        with pytest.raises(DataError, match="cannot read"):
            load_names(corpus)


def test_a_file_in_the_working_folder_needs_no_suffix_but_gives_way_to_a_corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "dinosaurs"):
        (tmp_path / name).write_text("Anna\n", encoding="utf-8")
    assert load_names("mine") == ["Anna"]
    assert len(load_names("dinosaurs")) > 300
    assert load_names("./dinosaurs") == ["Anna"]


@pytest.mark.parametrize(
    ("corpus", "message"),
    [
        ("dinosars", r"received 'dinosars'; did you mean dinosaurs\?"),
        ("ja", r"did you mean ja_JP\?"),
        ("en_AU", r"did you mean en, en_GB, .*en_US\?"),
        ("englisch", r"did you mean english\?"),
        ("qqqqqq", r"`corpora\(\)` lists them all"),
        ("", "received ''"),
        ("es", "with first names, received 'es'"),
        ("fr_FR@kana", "names in the script 'kana', received 'fr_FR'"),
        ("ja_JP@hangul", "writes names also as kana, romanized"),
        ("dinosaurs@kana", "received 'dinosaurs@kana'"),
    ],
)
def test_an_unknown_corpus_is_refused_with_what_may_have_been_meant(corpus, message):
    with pytest.raises(DataError, match=message):
        load_names(corpus)


# Splits


@given(
    names=st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=5, max_size=60, unique=True),
    seed=st.integers(-(2**40), 2**40),
    order=st.randoms(use_true_random=False),
)
def test_a_split_is_a_partition_that_depends_on_the_set_of_names_and_the_seed_alone(names, seed, order):
    split = split_names(names, seed=seed)
    assert sorted([*split.train, *split.validation, *split.test]) == sorted(names)
    assert len(split.validation) == len(split.test) == max(1, round(0.1 * len(names)))
    shuffled = [*names, names[0]]
    order.shuffle(shuffled)
    assert split_names(shuffled, seed=seed) == split


def test_a_split_neither_reads_nor_moves_the_global_generator():
    names = load_names("dinosaurs")
    random.seed(1)
    before = random.getstate()
    first = split_names(names, seed=3)
    assert random.getstate() == before
    random.seed(2)
    assert split_names(names, seed=3) == first


def test_a_split_is_the_same_on_every_machine_and_in_every_release():
    """Frozen: a model that was trained on one part must never be scored on a name that has moved."""
    names = [f"name{number}" for number in range(40)]
    split = split_names(names, seed=0, validation=0.1, test=0.2)
    assert [len(part) for part in split] == [28, 4, 8]
    assert split.validation == FROZEN_VALIDATION
    assert fingerprint(split.train + split.test) == FROZEN_REST


FROZEN_VALIDATION = ["name39", "name25", "name8", "name0"]
FROZEN_REST = "4cf3e7e396541ac0b61aa2c47665f0df228e0c397f8ed78ec1dd47b0b34a58cb"


def test_seeds_choose_different_splits_that_are_unbiased():
    """Every name should land in the test part in about a tenth of the splits: 20 of 200, give or take 5 deviations."""
    names = load_names("dinosaurs")[:50]
    counts = dict.fromkeys(names, 0)
    for seed in range(200):
        for name in split_names(names, seed=seed).test:
            counts[name] += 1
    assert sum(counts.values()) == 1000
    assert max(abs(count - 20) for count in counts.values()) < 5 * (200 * 0.1 * 0.9) ** 0.5


def test_a_share_of_zero_gives_an_empty_part():
    split = split_names("abcde", seed=0, validation=0, test=0)
    assert (sorted(split.train), split.validation, split.test) == (list("abcde"), [], [])
    assert [len(part) for part in split_names("abcde", seed=0, validation=0)] == [4, 0, 1]


@pytest.mark.parametrize(
    ("names", "shares", "kind", "message"),
    [
        ("abcde", (0.5, 0.5), DlseqError, "together below 1, received 0.5 and 0.5"),
        ("abcde", (-0.1, 0.1), DlseqError, "zero or more"),
        ("abcde", (float("nan"), 0.1), DlseqError, "zero or more"),
        ("ab", (0.1, 0.1), DataError, "beside 1 for validation and 1 for test, received 2"),
        ("", (0.1, 0.1), DataError, "received 0"),
        ("", (0, 0), DataError, "received 0"),
    ],
)
def test_a_split_that_leaves_nothing_to_train_on_is_refused(names, shares, kind, message):
    with pytest.raises(kind, match=message):
        split_names(names, seed=0, validation=shares[0], test=shares[1])


# Novelty


def test_novelty_counts_every_sample_once_by_the_part_that_has_it():
    split = NameSplit(["Anna", "Bo"], ["Cleo"], ["Dora"])
    samples = ["Anna", "Anna", "Bo", "Cleo", "Dora", "Dora", "anna", "", "Eve"]
    assert novelty(samples, split) == Novelty(train=3, validation=1, test=2, new=3)
    assert novelty([], split) == Novelty(0, 0, 0, 0)
    assert sum(novelty(iter(samples), split)) == len(samples)
