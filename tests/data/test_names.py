"""Name corpora: compared with Faker's own lists, test files, and reorderings."""

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

from dlseq.data.names import (
    NameSplit,
    Novelty,
    corpora,
    load_name_counts,
    load_names,
    novelty,
    repeat_by_counts,
    split_names,
)
from dlseq.errors import DataError, DlseqError


@pytest.fixture
def names_file(tmp_path):
    """Return a function that writes bytes to a file and returns its path."""

    def write(content):
        path = tmp_path / "names.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def fingerprint(names):
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


# Corpora of the package


def test_dinosaurs_are_sorted_capitalized_words():
    lines = resources.files("dlseq.data").joinpath("dinosaurs.txt").read_text("ascii").splitlines()
    assert len(lines) >= 350
    assert lines == sorted(set(lines))
    assert [line for line in lines if not (line.isalpha() and line == line.capitalize())] == []
    assert load_names("dinosaurs") == lines


@pytest.mark.parametrize("wrong", ["Dimetrodon", "Pteranodon", "Plesiosaurus", "Archaeopteryx", "Mosasaurus"])
def test_other_reptiles_and_birds_are_not_dinosaurs(wrong):
    assert wrong not in load_names("dinosaurs")


@pytest.mark.parametrize("famous", ["Tyrannosaurus", "Iguanodon", "Yi", "Micropachycephalosaurus", "Archaeoceratops"])
def test_famous_dinosaurs_are_included(famous):
    assert famous in load_names("dinosaurs")


def test_english_has_all_first_names_of_faker_en():
    names = load_names("english")
    assert names == sorted(set(English.first_names_male) | set(English.first_names_female))
    assert len(names) == 6824
    assert names == load_names("en")


@pytest.mark.parametrize("corpus", corpora())
def test_every_corpus_is_sorted_distinct_and_composed(corpus):
    names = load_names(corpus)
    assert len(names) >= 200
    assert len(names) <= 12_000
    assert names == sorted(set(names))
    for name in names:
        assert name == unicodedata.normalize("NFC", " ".join(name.split()))
        assert name.split()


def test_corpora_lists_all_locales_with_names():
    """`es` inherits all its names from Faker's English defaults, so it has none of its own."""
    locales = {module.name for module in pkgutil.iter_modules(person.__path__)}
    offered = {name for name in corpora() if "@" not in name}
    assert offered == locales - {"es"} | {"dinosaurs", "english"}


def test_inherited_default_names_are_left_out():
    """Regression: de_LI lists names by gender only; its `Provider.first_names` is Faker's ["John", "Jane"]."""
    names = load_names("de_LI")
    assert len(names) > 400
    assert "Jane" not in names


def test_first_names_that_are_a_property():
    """Regression: es_CL computes `first_names` on an instance; on the class it is a property, not a list."""
    assert len(load_names("es_CL")) == 1000


def test_korean_full_names_have_no_space():
    expected = {family + given for family in Korean.last_names for given in Korean.first_names}
    assert set(load_names("ko_KR")) == expected
    assert all("HANGUL" in unicodedata.name(character) for name in load_names("ko_KR")[::97] for character in name)


def test_japanese_has_kanji_kana_and_latin_names():
    def pairs(column):
        given = [pair[column] for pair in (*Japanese.first_name_male_pairs, *Japanese.first_name_female_pairs)]
        return given, [pair[column] for pair in Japanese.last_name_pairs]

    given, family = pairs(0)
    assert set(load_names("ja_JP")) == {f"{last} {first}" for first in given for last in family}
    given, family = pairs(1)
    assert set(load_names("ja_JP@kana")) == {f"{last} {first}" for first in given for last in family}
    given, family = pairs(2)
    assert set(load_names("ja_JP@romanized")) == {f"{first} {last}" for first in given for last in family}


def test_full_names_agree_in_gender():
    names = load_names("mk_MK")
    assert len(names) > 5000
    women, men = set(Macedonian.first_names_female), set(Macedonian.first_names_male)
    for name in names:
        first, last = name.split(" ", 1)
        assert (first in women and last in Macedonian.last_names_female) or (
            first in men and last in Macedonian.last_names_male
        )


def test_the_selection_of_full_names_is_even():
    names = [name.rsplit(" ", 1) for name in load_names("pl_PL")]
    firsts = [first for first, _ in names]
    uses = [firsts.count(first) for first in sorted(set(firsts))]
    assert set(firsts) == set(Polish.first_names)
    assert max(uses) - min(uses) <= 1
    assert 9_000 <= len(names) <= 10_200
    assert len({last for _, last in names}) > 0.9 * len(set(Polish.unisex_last_names))


def test_weights_are_ignored_and_all_genders_included():
    assert set(load_names("en_US")) == {*American.first_names_male, *American.first_names_female}


def test_names_that_differ_in_spaces_are_one():
    """Regression: az_AZ has both "Fuad" and "Fuad ", and es_AR "Uma "."""
    assert [name for name in load_names("az_AZ") if name.startswith("Fuad")] == ["Fuad"]
    assert "Uma" in load_names("es_AR")


@pytest.mark.parametrize("spelling", ["fr_FR", "fr-fr", "FR_fr", " fr_FR "])
def test_spellings_of_a_locale(spelling):
    assert load_names(spelling) == load_names("fr_FR")


def test_names_and_splits_do_not_depend_on_the_hash_seed():
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


def test_import_does_not_load_faker():
    code = "import sys, dlseq.data.names; sys.exit('faker' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# Files


def test_blank_lines_repetitions_and_byte_order_mark_are_skipped(names_file):
    path = names_file("\ufeffZoé\r\n\n  Anna  \nAnna\n\t\nBo\u00a0 Li\rÅse")
    assert load_names(path) == ["Anna", "Bo Li", "Zoé", "Åse"]
    assert load_names(str(path)) == load_names(path)


def test_composed_and_decomposed_letters_are_one_name(names_file):
    assert load_names(names_file("Zo\u0065\u0301\nZo\u00e9\n")) == ["Zo\u00e9"]


def test_lower_merges_names_that_become_equal(names_file):
    path = names_file("ANNA\nAnna\nÉmile\nΣΟΦΙΑ\n")
    assert load_names(path, lower=True) == ["anna", "émile", "σοφια"]
    assert len(load_names(path)) == 4


def test_joiners_in_indic_names_are_kept(names_file):
    assert load_names(names_file("रत्\u200dन\n")) == ["रत्\u200dन"]


def test_a_name_may_have_100_characters(names_file):
    assert load_names(names_file("a" * 100)) == ["a" * 100]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Received: no names"),
        (b" \n\r\n\t\n", "Received: no names"),
        ("Anna\nJos\u00e9\n".encode("latin-1"), "line 2: Expected UTF-8"),
        ("Anna\nJos\u00e9\n".encode("cp1252"), r"Received: cp1252, it seems\..* iconv -f cp1252 -t UTF-8 names\.txt"),
        ("\uc774\ub984\n\uae40\uc601\uc218\n".encode("cp949"), "line 1: Expected UTF-8. Received: cp949"),
        (b"Anna\n\x8f\x90\xff\xfe\n", r"line 2: Expected UTF-8\. Received: other bytes"),
        ("Anna\nBert\n".encode("utf-16"), "line 1: Expected UTF-8. Received: UTF-16"),
        ("Anna\nBert\n".encode("utf-16-le"), "line 1: Expected UTF-8. Received: UTF-16"),
        ("Anna\nBert\n".encode("utf-16-be"), "line 1: Expected UTF-8. Received: UTF-16"),
        ("Anna\nBert\n".encode("utf-32"), "line 1: Expected UTF-8. Received: UTF-32"),
        ("Mary,F,7065\nAnna,F\n", r"line 2: Expected 3 columns, as on the first line\. Received: 2"),
        ("Mary,7065\nAnna\n", r"line 1: Expected one name a line, or columns .*Received: 'Mary,7065'"),
        ("Mary,Smith\nAnna,Jones\nEva,Young\nIda,Black\n", "Received: 2 columns of which none has counts"),
        ('"Mary",F,1\n"An"na,F,2\n', "line 2: Expected columns, in double quotes or none"),
        ("1,2\n3,4\n", "Received: 2 columns of numbers"),
        ("name,count\n", "Received: no names"),
        ("Mary,0\n", "Received: no names"),
        ("Anna\n" + "b" * 101, r"line 2: .* at most 100 characters\. Received: 101"),
        ("Anna\n\nBert\t17\n", "line 3: .*Received: a tab"),
        (b"\x00\x01\x02", "line 1: .*control character"),
    ],
)
def test_an_invalid_file_is_refused_with_its_line(names_file, content, message):
    with pytest.raises(DataError, match=message) as caught:
        load_names(names_file(content))
    assert "names.txt" in str(caught.value)


MARY_AND_ANNA = {"Anna": 2604, "Mary": 7065}


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        ("Mary,F,7065\nAnna,F,2604\n", MARY_AND_ANNA),
        ("\ufeffName,Gender,Count\r\nMary,F,7065\r\n\r\nAnna,F,2604", MARY_AND_ANNA),
        ("Mary\t7065\nAnna\t2604\n", MARY_AND_ANNA),
        ("Mary;7065\nAnna;2604\n", MARY_AND_ANNA),
        ('"Mary","F","7065"\n"Anna", "F", "2604"\n', MARY_AND_ANNA),
        ("AK,F,1910,Mary,7000\nAK,F,1911,Mary,65\nAK,F,1910,Anna,2604\n", MARY_AND_ANNA),
        ("sexe;preusuel;annais;nombre\n2;MARIE;1900;7\n2;MARIE;XXXX;3\n1;JEAN;1900;4\n", {"JEAN": 4, "MARIE": 10}),
        ("7065\tMary\n2604\tAnna\n", MARY_AND_ANNA),
        ("Mary,F,60\nMary,M,5\nAnna,F,0\n", {"Mary": 65}),
        ("Mary,F\nAnna,F\nJesse,F\nJesse,M\n", {"Anna": 1, "Jesse": 2, "Mary": 1}),
        ('"Mary"\n"Anna"\n"Dwayne ""Rock"""\n', {"Anna": 1, 'Dwayne "Rock"': 1, "Mary": 1}),
        ("Name\nMary\nAnna\nMary\n", {"Anna": 1, "Mary": 2}),
        ("Lovelace, Ada\nTuring, Alan\n", {"Lovelace, Ada": 1, "Turing, Alan": 1}),
        ("Jean; Marie\nAnna\n", {"Anna": 1, "Jean; Marie": 1}),
    ],
)
def test_columns_quotes_headers_and_repeats_of_a_file(names_file, content, counts):
    """Lines such as `Mary,F,7065` were learned as letters: names like `Elizisn,F,2688` were drawn."""
    path = names_file(content)
    assert load_name_counts(path) == counts
    assert load_names(path) == sorted(counts)


def test_lower_adds_the_counts_of_names_that_become_equal(names_file):
    assert load_name_counts(names_file("MARY,5\nMary,2\nAnna,1\n"), lower=True) == {"anna": 1, "mary": 7}


@given(counts=st.dictionaries(st.text("abc", min_size=1), st.integers(1, 10**6), min_size=2))
def test_repetitions_are_in_proportion_to_counts(counts):
    names = sorted(counts)
    repeated = repeat_by_counts(names, counts)
    assert list(dict.fromkeys(repeated)) == names
    if len(set(counts.values())) == 1:
        assert repeated == names
        return
    mean = sum(counts.values()) / len(counts)
    for name in names:
        assert abs(repeated.count(name) - max(1, 4 * counts[name] / mean)) <= 0.5
    assert len(repeated) <= 5 * len(names)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for corpus in (tmp_path / "absent.txt", str(tmp_path / "absent"), tmp_path, "absent.txt"):
        with pytest.raises(DataError, match="Cannot read"):
            load_names(corpus)


def test_a_corpus_has_precedence_over_a_file_without_suffix(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "dinosaurs"):
        (tmp_path / name).write_text("Anna\n", encoding="utf-8")
    assert load_names("mine") == ["Anna"]
    assert len(load_names("dinosaurs")) > 300
    assert load_names("./dinosaurs") == ["Anna"]


@pytest.mark.parametrize(
    ("corpus", "message"),
    [
        ("dinosars", r"Unknown corpus 'dinosars'.* Did you mean dinosaurs\?"),
        ("ja", r"Did you mean ja_JP\?"),
        ("en_AU", r"Did you mean en, en_GB, .*en_US\?"),
        ("englisch", r"Did you mean english\?"),
        ("qqqqqq", r"`corpora\(\)` lists all"),
        ("", "Unknown corpus ''"),
        ("es", r"with first names\. Received: 'es'"),
        ("fr_FR@kana", r"names in the script 'kana'\. Received: 'fr_FR'"),
        ("ja_JP@hangul", "other scripts: kana, romanized"),
        ("dinosaurs@kana", "Unknown corpus 'dinosaurs@kana'"),
    ],
)
def test_an_unknown_corpus_suggests_similar_ones(corpus, message):
    with pytest.raises(DataError, match=message):
        load_names(corpus)


# Splits


@given(
    names=st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=5, max_size=60, unique=True),
    seed=st.integers(-(2**40), 2**40),
    order=st.randoms(use_true_random=False),
)
def test_a_split_is_a_partition_by_names_and_seed_alone(names, seed, order):
    split = split_names(names, seed=seed)
    assert sorted([*split.train, *split.validation, *split.test]) == sorted(names)
    assert len(split.validation) == len(split.test) == max(1, round(0.1 * len(names)))
    shuffled = [*names, names[0]]
    order.shuffle(shuffled)
    assert split_names(shuffled, seed=seed) == split


def test_a_split_does_not_use_the_global_generator():
    names = load_names("dinosaurs")
    random.seed(1)
    before = random.getstate()
    first = split_names(names, seed=3)
    assert random.getstate() == before
    random.seed(2)
    assert split_names(names, seed=3) == first


def test_splits_are_frozen():
    """A trained model must never be scored on a name that has moved out of its training split."""
    names = [f"name{number}" for number in range(40)]
    split = split_names(names, seed=0, validation=0.1, test=0.2)
    assert [len(part) for part in split] == [28, 4, 8]
    assert split.validation == FROZEN_VALIDATION
    assert fingerprint(split.train + split.test) == FROZEN_REST


FROZEN_VALIDATION = ["name39", "name25", "name8", "name0"]
FROZEN_REST = "4cf3e7e396541ac0b61aa2c47665f0df228e0c397f8ed78ec1dd47b0b34a58cb"


def test_splits_are_unbiased_over_seeds():
    """Every name should land in the test part in about a tenth of the splits: 20 of 200, give or take 5 deviations."""
    names = load_names("dinosaurs")[:50]
    counts = dict.fromkeys(names, 0)
    for seed in range(200):
        for name in split_names(names, seed=seed).test:
            counts[name] += 1
    assert sum(counts.values()) == 1000
    assert max(abs(count - 20) for count in counts.values()) < 5 * (200 * 0.1 * 0.9) ** 0.5


def test_a_share_of_zero_is_an_empty_split():
    split = split_names("abcde", seed=0, validation=0, test=0)
    assert (sorted(split.train), split.validation, split.test) == (list("abcde"), [], [])
    assert [len(part) for part in split_names("abcde", seed=0, validation=0)] == [4, 0, 1]


@pytest.mark.parametrize(
    ("names", "shares", "kind", "message"),
    [
        ("abcde", (0.5, 0.5), DlseqError, r"together below 1\. Received: 0\.5 and 0\.5"),
        ("abcde", (-0.1, 0.1), DlseqError, "zero or more"),
        ("abcde", (float("nan"), 0.1), DlseqError, "zero or more"),
        ("ab", (0.1, 0.1), DataError, r"1 for validation and 1 for test together\. Received: 2"),
        ("", (0.1, 0.1), DataError, "Received: 0"),
        ("", (0, 0), DataError, "Received: 0"),
    ],
)
def test_a_split_without_training_names_is_refused(names, shares, kind, message):
    with pytest.raises(kind, match=message):
        split_names(names, seed=0, validation=shares[0], test=shares[1])


# Novelty


def test_novelty_counts_samples_by_split():
    split = NameSplit(["Anna", "Bo"], ["Cleo"], ["Dora"])
    samples = ["Anna", "Anna", "Bo", "Cleo", "Dora", "Dora", "anna", "", "Eve"]
    assert novelty(samples, split) == Novelty(train=3, validation=1, test=2, new=3)
    assert novelty([], split) == Novelty(0, 0, 0, 0)
    assert sum(novelty(iter(samples), split)) == len(samples)
