from pathlib import Path

import pytest

from countersign.evaluation.pairs import PairsError, read_pairs


def test_pairs_of_lfw_name_one_person_or_two(tmp_path: Path):
    (tmp_path / "pairs.txt").write_text("1\t1\nAnna_B\t1\t4\nAnna_B\t2\tCarl_D\t13\n\n")
    mated, other = read_pairs(tmp_path / "pairs.txt", tmp_path)
    assert (mated.mated, mated.first, mated.second) == (
        True, tmp_path / "Anna_B/Anna_B_0001.jpg", tmp_path / "Anna_B/Anna_B_0004.jpg",
    )  # fmt: skip
    assert (other.mated, other.second, other.subjects) == (
        False, tmp_path / "Carl_D/Carl_D_0013.jpg", ("Anna_B", "Carl_D"),
    )  # fmt: skip


def test_a_csv_names_two_files_and_a_truth(tmp_path: Path):
    (tmp_path / "pairs.csv").write_text("first,second,mated\na/1.png,a/2.png,1\na/1.png,b/1.png,no\n")
    mated, other = read_pairs(tmp_path / "pairs.csv", tmp_path)
    assert (mated.mated, mated.subjects, other.mated, other.subjects) == (True, ("a", "a"), False, ("a", "b"))
    assert other.second == tmp_path / "b/1.png"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pairs.txt", "1\t1\nAnna\t1\n"),
        ("pairs.txt", "1\t1\nAnna\tx\t2\n"),
        ("pairs.txt", "1\t1\n"),
        ("pairs.csv", "first,second\na,b\n"),
        ("pairs.csv", "first,second,mated\na,b,perhaps\n"),
        ("pairs.csv", "first,second,mated\n"),
    ],
)
def test_what_is_no_file_of_pairs_is_refused(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text)
    with pytest.raises(PairsError, match="expected"):
        read_pairs(tmp_path / name, tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(PairsError, match="expected a file of pairs"):
        read_pairs(tmp_path / "none.txt", tmp_path)
