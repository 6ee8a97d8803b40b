import shutil
import threading
import time

import pytest

from written import KOREAN, KOREAN_TITLE, POSTING, TITLE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("the page is tried in Chromium, and there is none here", allow_module_level=True)
playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe checks accessibility")
uvicorn = pytest.importorskip("uvicorn", reason="the page is an extra")

from rolelens.web.app import create_app  # noqa: E402

WIDTHS = {"phone": 360, "desktop": 1280}


@pytest.fixture(scope="module")
def address():
    server = uvicorn.Server(uvicorn.Config(create_app(), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser():
    with playwright_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser, address):
    """Return what opens a page; afterwards nothing may have failed or been asked of elsewhere."""
    contexts, complaints, elsewhere = [], [], []

    def open_page(path="/", *, width=1280, scheme="light", locale="en-US"):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:")) else elsewhere.append(request.url),
        )
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [each for each in complaints if "404" not in each and "422" not in each] == []
    assert elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path", ["/", "/examples/en-lying-title", "/examples/ko-llm-service", "/api", "/login", "/nothing"]
)
def test_pages_are_accessible_and_fit(opened, path, width, scheme):
    page = opened(path, width=WIDTHS[width], scheme=scheme, locale="ko-KR" if "/ko-" in path else "en-US")
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_posting_is_answered_by_keyboard_alone(opened):
    page = opened()
    page.keyboard.insert_text(POSTING)  # the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(TITLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("article")
    assert page.locator("article h1").inner_text() == "ML/AI engineer"
    assert page.evaluate("document.activeElement.id") == "answer"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    assert page.locator("mark:focus .note").is_visible()


def test_the_shortcut_sends_a_pasted_posting(opened):
    page = opened(locale="ko-KR")
    page.keyboard.insert_text(f"{KOREAN_TITLE}\n{KOREAN}")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("article")
    assert page.locator("article h1").inner_text() == "ML/AI 엔지니어"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("button", name="Which role is it?").is_visible()


DROP = """([name, text]) => {
  const given = new DataTransfer();
  given.items.add(new File([text], name));
  dispatchEvent(new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true}));
}"""


def test_a_posting_may_be_dropped_anywhere(opened):
    page = opened()
    page.evaluate(DROP, ["posting.txt", f"{TITLE}\n{POSTING}"])
    page.wait_for_selector("article")
    assert "posting.txt" in page.locator("article header").inner_text()


def test_a_table_may_be_dropped_and_is_scored_before_ones_eyes(opened):
    page = opened()
    quoted = POSTING.replace('"', "'")
    rows = "\n".join(f'"{TITLE} {number}","{quoted} {number}"' for number in range(400))
    page.evaluate(DROP, ["jobs.csv", f"title,description\n{rows}"])
    page.wait_for_selector("a.button", timeout=60_000)
    assert page.get_by_role("heading", name="jobs.csv is scored").is_visible()
    assert "400" in page.locator(".figures").inner_text()
    with page.expect_download() as download:
        page.locator("a.button").click()
    assert download.value.suggested_filename == "scored-jobs.csv"
    assert axe.Axe().run(page).violations_count == 0


def test_an_empty_form_says_what_to_do(opened):
    page = opened(width=360, scheme="dark")
    page.get_by_role("button", name="Which role is it?").click()
    assert page.get_by_role("alert").inner_text() == "Paste a posting or choose a file first."
    assert axe.Axe().run(page).violations_count == 0


def test_what_is_pasted_is_shown_and_not_run(opened):
    page = opened()
    page.keyboard.insert_text(
        f"{POSTING}\n<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    )
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("article")
    assert page.title() != "run"
