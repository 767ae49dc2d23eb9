"""A prediction: made with a button or in writing, and compared with what came out."""

import pytest
from ipywidgets.widgets import widget

import cvhelpers as cv
from cvhelpers.predictions import Prediction, predict


@pytest.fixture
def guess():
    return Prediction("Which status code will come back?", ["200", "401"])


def test_a_click_is_a_choice(guess, capsys):
    guess._repr_mimebundle_()
    guess._buttons.value = "401"
    guess.compare(401)
    assert capsys.readouterr().out == "You predicted 401, and that is right.\n"


def test_what_came_out_may_be_written_in_other_letters(capsys):
    guess = Prediction("Is it public?", ["Yes", "No"])
    guess.choose(" yes ")
    guess.compare("YES")
    assert capsys.readouterr().out == "You predicted Yes, and that is right.\n"


def test_a_choice_in_writing_moves_the_buttons(guess):
    guess._repr_mimebundle_()
    guess.choose(200)
    assert guess._buttons.value == "200"


def test_a_choice_that_was_made_before_the_buttons_were_shown_is_kept(guess):
    guess.choose("200")
    guess._repr_mimebundle_()
    assert guess._buttons.value == "200"


def test_shown_twice_it_is_one_prediction(guess):
    guess._repr_mimebundle_()
    guess._buttons.value = "401"
    guess._repr_mimebundle_()
    assert guess.chosen == guess._buttons.value == "401"


def test_a_cell_that_runs_again_keeps_what_was_chosen():
    predict("Will it stay?", ["yes", "no"]).choose("yes")
    assert predict("Will it stay?", ["yes", "no"]).chosen == "yes"
    assert predict("Will it go?", ["yes", "no"]).chosen is None


def test_no_choice_is_made_for_the_learner(guess):
    guess._repr_mimebundle_()
    assert guess.chosen is None
    assert guess._buttons.value is None


def test_a_question_is_shown_as_text_and_not_as_code():
    guess = predict("Is <b>this</b> bold?", ["yes", "no"])
    assert repr(guess) == "Predict: Is <b>this</b> bold? Choose from: yes, no."
    view = guess._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    box = widget._instances[view["model_id"]]
    assert box.children[1].value == "<p>Is &lt;b&gt;this&lt;/b&gt; bold?</p>"


def test_what_is_no_choice_is_refused_in_words(guess):
    with pytest.raises(cv.OptionError, match=r"Did you mean '401'\?"):
        guess.choose("4O1")
