"""The review of accessibility is whole, and the public declaration says what it says."""

from guide.web.public.accessibility import read_review
from tests.web.pages import Visitor, plain

# How many criteria each of the 13 themes of the RGAA 4.1 holds.
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)


def test_every_criterion_is_reviewed_once_in_order_and_says_how() -> None:
    wanted = [f"{theme}.{rank}" for theme, most in enumerate(THEMES, start=1) for rank in range(1, most + 1)]
    assert [each.number for each in read_review()] == wanted
    assert len(wanted) == 106
    assert all(each.asks and each.how for each in read_review())


def test_the_declaration_counts_what_the_review_says_and_hides_no_failure(page: Visitor) -> None:
    shown = page("/accessibilite")
    review = read_review()
    unmet = [each for each in review if each.met == "non"]
    assert f"{sum(each.met == 'oui' for each in review)} sont remplis, {len(unmet)} ne le sont pas" in shown.text
    for each in unmet:
        assert f"critère {each.number}" in shown.text
        assert plain(each.how) in shown.text


def test_without_an_audit_from_outside_the_service_says_that_it_does_not_comply(page: Visitor) -> None:
    assert "est non conforme" in page("/accessibilite").text
    assert "Accessibilité : non conforme" in plain(page("/").soup.footer.get_text())
