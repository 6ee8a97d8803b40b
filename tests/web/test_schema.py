import pytest

schemathesis = pytest.importorskip("schemathesis", reason="it tries the API against its own description")
pytest.importorskip("fastapi", reason="the page is an extra")

from hypothesis import HealthCheck, settings  # noqa: E402
from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

from rolelens.web.app import create_app  # noqa: E402

schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(token="t"), headers={"authorization": "Bearer t"})


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_description(case):
    # A schema cannot say that a text must be English or Korean and more than blanks; 422 then says it.
    case.call_and_validate(headers={"authorization": "Bearer t"}, excluded_checks=[positive_data_acceptance])
