"""A child process bears what files do to their reader; the parent goes on."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from threading import Thread

import pytest
from bad_work import behave, process, taken_mib

from dataset.imaging import guard
from dataset.imaging.guard import Lost

OUTCOMES = {
    "hang": "too-slow",
    "crash": "crashes-reader",
    "eat": "too-large",
    "nibble": "too-large",
}


def guarded(work: Callable, items: list, **how: float) -> list:
    return list(guard.guarded(work, items, **how))


def reasons(answers: list) -> list[str]:
    return [answer.reason if isinstance(answer, Lost) else answer for answer in answers]


@pytest.mark.parametrize(("how", "reason"), OUTCOMES.items(), ids=OUTCOMES)
def test_a_bad_item_costs_itself_and_its_neighbours_are_answered(how: str, reason: str) -> None:
    assert reasons(guarded(behave, ["a", how, "b", how], seconds=2 if how == "hang" else 20)) == [
        "A",
        reason,
        "B",
        reason,
    ]


def test_what_an_item_takes_is_not_taken_here() -> None:
    before = taken_mib(None)
    guarded(behave, ["eat", "nibble"])
    assert taken_mib(None) - before < 20


def test_words_of_a_decoder_are_no_answer_and_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert guarded(behave, ["chatter", "a"]) == ["CHATTER", "A"]
    assert capfd.readouterr() == ("", "")


def test_one_child_serves_all_batches_of_a_thread() -> None:
    first, again = guarded(process, [0, 0]), guarded(process, [0])
    others: list[int] = []
    thread = Thread(target=lambda: others.extend(guarded(process, [0])))
    thread.start()
    thread.join()
    assert {*first} == {*again}
    assert not {*first, os.getpid()} & {*others}


def test_forked_copy_has_a_child_of_its_own() -> None:
    (ours,) = guarded(process, [0])
    receiver, sender = multiprocessing.Pipe(duplex=False)
    copy = multiprocessing.get_context("fork").Process(
        target=lambda: sender.send(guarded(process, [0])), daemon=True
    )
    copy.start()
    (theirs,) = receiver.recv()
    copy.join()
    assert theirs != ours
    assert guarded(process, [0]) == [ours]


def test_an_error_of_the_work_is_raised_and_the_next_batch_is_answered() -> None:
    with pytest.raises(KeyError, match="fail"):
        guarded(behave, ["a", "fail", "b"])
    assert guarded(behave, ["c"]) == ["C"]


def test_answers_that_were_not_taken_are_not_given_to_the_next() -> None:
    assert next(guard.guarded(behave, ["a", "b", "c"])) == "A"
    assert guarded(behave, ["d", "e"]) == ["D", "E"]


def test_no_items_no_child() -> None:
    assert guarded(behave, []) == []


def test_issue_of_a_lost_item_names_the_file() -> None:
    issue = Lost("too-slow", "expected less.").issue("tree/a")
    assert (issue.where, issue.reason, issue.severity) == ("tree/a", "too-slow", "error")
