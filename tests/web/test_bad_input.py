"""Whatever is typed, forged or thrown at the site: a clear French answer, never a fault, never somebody else's page."""

import re
import unicodedata
from collections.abc import Callable
from io import BytesIO
from urllib.parse import quote, quote_from_bytes, urlencode, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.web.addresses import ALL_READ, EVERYTHING, methods_of
from tests.web.pages import Page, Visitor, parsing_faults

FIELDS = (
    "stage",
    "holder",
    "legal_form",
    "employees",
    "commune",
    "commune_texte",
    "commune_vue",
    "other_communes",
    "other_communes_texte",
    "other_communes_vue",
    "themes",
    "needs",
    "budget_citoyen",
    "support",
    "supported_by",
    "valider",
)
FILTERS = ("q", "kind", "family", "need", "stage", "theme", "epci", "commune", "page", "per_page")
QUESTIONS = (
    "etape",
    "porteur",
    "forme-juridique",
    "salaries",
    "commune",
    "domaine",
    "besoins",
    "budget-citoyen",
    "accompagnement",
)
READS_ANSWERS = (
    "/questionnaire",
    *(f"/questionnaire/{slug}" for slug in QUESTIONS),
    "/questionnaire/recapitulatif",
    "/orientation",
)
READS_FILTERS = (
    "/annuaire",
    "/qui-fait-quoi",
    "/glossaire",
    "/api/v1/structures",
    "/api/v1/dispositifs",
    "/api/v1/terms",
    "/api/v1/communes",
)
FOLDERS = (
    "/",
    "/structures/",
    "/dispositifs/",
    "/questionnaire/",
    "/api/",
    "/api/v1/structures/",
    "/static/",
    "/annuaire/",
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% raise %}{{ config }}",
    "javascript:alert(1)",
    "</title><script>",
    "<!--",
    "]]>",
    "%s%n%d{0}",
    "../../etc/passwd",
    "'; DROP TABLE x; --",
    "\x00\x01\x08\x0b\x1f\x7f",
    "\u202eesrevni\u202c",
    "\ufeff\ufffe\uffff\ufdd0",
    "e" + "\u0301" * 1000,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 50,
    "ﷺ" * 500,
    "İıſßŒœÆæ",
    "٦٢٠٤١",
    "²½Ⅷ①",
    " " * 2000,
    "\n\r\t\v\f\u2028\u2029\x85",
    "a" * 2000,
    "a " * 1000,
    "," * 2000,
    "-" * 2000,
    "NaN",
    "1e309",
    "None",
    "[object Object]",
)
# What the HTML standard forbids in a document: control characters and code points that are no characters.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LOOKS_LIKE_A_HANDLER = re.compile(r"\bon\w+\s*=", re.IGNORECASE)
VALUES = (
    "1",
    "idee",
    "62041",
    "62140",
    "ne-sait-pas",
    "financer",
    "apes",
    "culture",
    "structure",
    "epci-arras",
    "Arras",
    "Lille",
)

TEN_MEGABYTES = b" " * 10_000_000

few = settings(max_examples=75)  # where one example opens several pages

texts = st.text(max_size=2000) | st.sampled_from(HOSTILE)
values = st.text(max_size=40) | st.sampled_from(HOSTILE) | st.sampled_from(VALUES)


def assert_answered(response: TestResponse) -> TestResponse:
    """An answer that is no fault: a page whose only script is the site's, a problem document, or a redirect here."""
    assert response.status_code < 500
    if 300 <= response.status_code < 400:
        assert urlsplit(urljoin("http://localhost/", response.headers["Location"])).netloc == "localhost"
        assert "\n" not in response.headers["Location"]
    elif response.mimetype == "text/html":
        html = response.text
        assert html.count("<h1") == 1
        data = html.count('<script type="application/ld+json">')  # never executed
        assert html.count("<script") - data == html.count('<script src="/static/') == 1
        assert "Traceback" not in html
        if _LOOKS_LIKE_A_HANDLER.search(html):  # most often text; parsing tells
            tags = BeautifulSoup(html, "html.parser").find_all(True)
            assert not [name for tag in tags for name in tag.attrs if name.startswith("on")]
    return response


def assert_understood(response: TestResponse) -> TestResponse:
    """The same, and what came in was nothing to refuse."""
    assert assert_answered(response).status_code in (200, 303, 422)
    return response


@few
@given(typed=texts)
@example(typed="")
def test_any_text_may_be_searched_in_the_directory_and_the_glossary(client: FlaskClient, typed: str) -> None:
    for address in ("/annuaire", "/glossaire"):
        assert assert_understood(client.get(address, query_string={"q": typed})).status_code == 200


@few
@given(typed=texts, others=texts)
def test_any_text_may_be_typed_as_a_commune(client: FlaskClient, typed: str, others: str) -> None:
    sent = {"commune_texte": typed, "other_communes_texte": others, "valider": "1"}
    response = assert_understood(client.get("/questionnaire/commune", query_string=sent))
    if response.status_code == 422:
        soup = BeautifulSoup(response.text, "html.parser")
        kept = str(soup.find("input", attrs={"name": "commune_texte"})["value"])
        assert soup.find(attrs={"role": "alert"})
        assert len(kept) <= 200
        assert visible(kept)[:100] == visible(typed)[: len(visible(kept))][:100]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed)[:30])
def test_hostile_text_is_kept_as_text(typed: str, client: FlaskClient) -> None:
    wanted = typed[:120].strip()
    soup = BeautifulSoup(client.get("/annuaire", query_string={"q": typed}).text, "html.parser")
    shown = str(soup.find("input", attrs={"name": "q"})["value"])
    assert visible(shown) == visible(wanted)


def visible(text: str) -> str:
    """A text without what nobody can see: spaces, controls, marks of direction, code points that are no characters."""
    return "".join(sign for sign in text if not sign.isspace() and not unicodedata.category(sign).startswith("C"))


@pytest.mark.parametrize(
    "typed", [each for each in HOSTILE if not UNWRITABLE.search(each)], ids=lambda typed: ascii(typed)[:30]
)
@pytest.mark.parametrize(
    "address",
    [
        "/annuaire?q={}",
        "/glossaire?q={}",
        "/questionnaire/commune?valider=1&commune_texte={}&other_communes_texte={}",
        "/structures/{}",
    ],
)
def test_a_page_that_shows_hostile_text_is_still_well_made(address: str, typed: str, page: Visitor) -> None:
    response = page.client.get(address.replace("{}", quote(typed)), buffered=True)
    if response.status_code != 303:
        assert response.status_code in (200, 404, 422)
        assert list(parsing_faults(response.text)) == []


@pytest.mark.parametrize("typed", ["\x00", "\x08", "a\x1fb", "\x7f", "\ufffe", "\ufdd0", "\u0085"], ids=ascii)
def test_what_cannot_be_written_in_html_is_not_echoed(typed: str, client: FlaskClient) -> None:
    for address in ("/annuaire?q=", "/glossaire?q=", "/questionnaire/commune?valider=1&commune_texte="):
        response = client.get(address + quote(typed))
        assert list(parsing_faults(response.text)) == []


@few
@given(
    address=st.sampled_from(READS_ANSWERS),
    pairs=st.lists(st.tuples(st.sampled_from(FIELDS) | st.text(max_size=20), values), max_size=12),
)
def test_any_answer_in_an_address_is_read_or_left_aside(
    client: FlaskClient, address: str, pairs: list[tuple[str, str]]
) -> None:
    assert_understood(client.get(address, query_string=urlencode(pairs)))


@few
@given(
    address=st.sampled_from(READS_FILTERS),
    pairs=st.lists(st.tuples(st.sampled_from(FILTERS) | st.text(max_size=20), values), max_size=8),
)
def test_any_filter_is_read_left_aside_or_refused(
    client: FlaskClient, address: str, pairs: list[tuple[str, str]]
) -> None:
    assert_understood(client.get(address, query_string=urlencode(pairs)))


@given(pairs=st.lists(st.tuples(st.sampled_from(FIELDS), values), max_size=12))
def test_a_redirect_of_the_questionnaire_comes_to_an_end(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    address = f"/questionnaire?{urlencode(pairs)}"
    for _ in range(3):
        response = assert_understood(client.get(address))
        if response.status_code != 303:
            break
        address = response.headers["Location"]
    assert response.status_code in (200, 422)


@given(folder=st.sampled_from(FOLDERS), segment=st.text(max_size=300) | st.sampled_from(HOSTILE))
def test_any_path_has_an_answer(client: FlaskClient, folder: str, segment: str) -> None:
    response = client.get(folder + quote(segment, safe=""), buffered=True)
    assert assert_answered(response).status_code in (200, 303, 308, 404)


@given(folder=st.sampled_from(FOLDERS), segment=st.binary(min_size=1, max_size=60))
def test_any_bytes_in_a_path_have_an_answer(client: FlaskClient, folder: str, segment: bytes) -> None:
    response = client.get(folder + quote_from_bytes(segment, safe=""), buffered=True)
    assert assert_answered(response).status_code in (200, 303, 308, 404)


@few
@given(
    address=st.sampled_from((*READS_ANSWERS, *READS_FILTERS)), name=st.binary(max_size=20), value=st.binary(max_size=60)
)
@example(address="/annuaire", name=b"q", value=b"\xff\xfe")
@example(address="/questionnaire/commune", name=b"commune_texte", value=b"\xe9tang&valider=1")
@example(address="/questionnaire/etape", name=b"stage", value=b"\xc3\x28")
def test_invalid_utf8_in_a_query_has_an_answer(client: FlaskClient, address: str, name: bytes, value: bytes) -> None:
    known = ("q", "stage", "commune_texte")
    for pair in (
        f"{quote_from_bytes(name)}={quote_from_bytes(value)}",
        *(f"{key}={quote_from_bytes(value)}" for key in known),
    ):
        assert_understood(client.get(f"{address}?{pair}&valider=1"))


@few
@given(query=st.text(alphabet="&=%?;+#[]/\\.0aéf\x00", max_size=300))
def test_any_shape_of_query_string_has_an_answer(client: FlaskClient, query: str) -> None:
    for address in ("/glossaire", "/questionnaire/commune", "/orientation", "/api/v1/terms"):
        assert_understood(client.get(address, query_string=query.encode().decode("latin-1")))


ABSURD: dict[str, Callable[[], str]] = {
    "unknown keys": lambda: urlencode([(f"cle{number}", "1") for number in range(2000)]),
    "one answer 2,000 times": lambda: urlencode([("needs", "financer")] * 2000),
    "2,000 forged answers": lambda: urlencode([("needs", f"forge{number}") for number in range(2000)]),
    "2,000 communes": lambda: urlencode([("other_communes", f"{62000 + number % 1000}") for number in range(2000)]),
    "2,000 empty pairs": lambda: "&" * 2000,
    "2,000 empty values": lambda: "needs=&" * 2000,
    "one key without end": lambda: "a" * 100_000,
    "one value without end": lambda: "q=" + "a" * 100_000,
    "a commune without end": lambda: "valider=1&commune_texte=" + "Arras%20" * 20_000,
    "communes without end": lambda: "valider=1&other_communes_texte=" + "Arras," * 20_000,
    "2,000 texts": lambda: "valider=1&" + "commune_texte=Arras&" * 2000,
    "2,000 filters": lambda: "need=financer&" * 2000,
}


@pytest.mark.parametrize("what", ABSURD)
@pytest.mark.parametrize(
    "address",
    [
        "/questionnaire",
        "/questionnaire/commune",
        "/questionnaire/besoins",
        "/questionnaire/recapitulatif",
        "/orientation",
        "/annuaire",
        "/glossaire",
        "/api/v1/structures",
        "/api/v1/communes",
    ],
)
def test_an_absurd_query_string_has_an_answer_of_ordinary_size(address: str, what: str, client: FlaskClient) -> None:
    response = assert_understood(client.get(f"{address}?{ABSURD[what]()}"))
    assert len(response.data) < 150_000
    assert len(response.headers.get("Location", "")) < 20_000


def test_thousands_of_answers_weigh_no_more_than_one_in_the_links(page: Visitor) -> None:
    shown = page(f"/questionnaire/recapitulatif?stage=idee&{ABSURD['one answer 2,000 times']()}")
    assert len(shown.link("voir mon chemin")) < 100


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
@pytest.mark.parametrize("endpoint", EVERYTHING)
def test_ten_megabytes_are_refused_everywhere(endpoint: str, method: str, client: FlaskClient) -> None:
    response = client.open(
        EVERYTHING[endpoint][0],
        method=method,
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "10000000", "wsgi.input": BytesIO(TEN_MEGABYTES)},
        buffered=True,
    )
    assert response.status_code in ((413,) if method in methods_of(endpoint) else (405, 413))


@pytest.mark.parametrize("address", ["/", "/annuaire", "/questionnaire/etape"])
def test_ten_megabytes_get_a_page_in_french(address: str, page: Visitor) -> None:
    response = page.client.post(address, data=TEN_MEGABYTES)
    assert response.status_code == 413
    shown = Page(address, 413, response.text)
    page.check(shown)
    assert "lourd" in shown.h1.lower()


@pytest.mark.parametrize("address", [each for each in ALL_READ if not each.startswith(("/api", "/static"))])
def test_a_file_can_be_sent_nowhere(address: str, client: FlaskClient) -> None:
    response = client.post(address, data={"fichier": (BytesIO(b"a"), "a.txt")})
    assert response.status_code == 405


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 30, "", "1.5"])
def test_a_forged_length_has_an_answer(length: str, client: FlaskClient) -> None:
    for address in ("/annuaire", "/api/v1/orientations"):
        response = client.post(address, input_stream=BytesIO(b"{}"), environ_overrides={"CONTENT_LENGTH": length})
        assert 400 <= response.status_code < 500


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "a" * 5000),
        ("Accept-Encoding", "gzip;q=a, *;q=-1, \x7f"),
        ("Accept-Language", "zz;q=99999"),
        ("Cookie", "session=" + "a" * 5000),
        ("Range", "bytes=9-1,-,a"),
        ("If-Modified-Since", "demain"),
        ("If-None-Match", '"'),
        ("Content-Type", "application/json; charset=ebcdic"),
        ("Content-Type", "multipart/form-data"),
        ("Origin", "null"),
        ("X-Forwarded-For", ", , ,"),
        ("X-HTTP-Method-Override", "DELETE"),
    ],
)
def test_an_absurd_header_changes_nothing(name: str, value: str, client: FlaskClient) -> None:
    for address in ("/", "/annuaire?q=a", "/api/v1/terms", "/questionnaire/etape"):
        assert client.get(address, headers={name: value}, buffered=True).status_code == 200
    assert client.get("/static/css/guide.css", headers={name: value}, buffered=True).status_code in (200, 206, 304, 416)


def test_an_unusual_type_of_json_has_an_answer(client: FlaskClient) -> None:
    for kind in ("application/json; charset=ebcdic", "application/json; charset=utf-16", "APPLICATION/JSON"):
        response = client.post("/api/v1/orientations", data=b"{}", content_type=kind)
        assert response.status_code in (200, 415, 422)


class Torn:
    """A body whose pieces are not cut as they should: the server finds out while it is read."""

    def read(self, _: int = -1) -> bytes:
        raise RuntimeError("torn")

    readline = read


@pytest.mark.parametrize("address", ["/demande", "/suivi", "/equipe/connexion", "/api/v1/orientation", "/inconnu"])
def test_a_body_badly_cut_in_pieces_is_the_mistake_of_its_sender(client: FlaskClient, address: str) -> None:
    response = client.post(
        address,
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/x-www-form-urlencoded"},
        environ_overrides={"wsgi.input": Torn(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers
