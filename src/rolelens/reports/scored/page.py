"""The report as one self-contained page."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from markupsafe import Markup

from rolelens.rendering.answer import percent
from rolelens.reports.scored import charts
from rolelens.reports.scored.gather import Report
from rolelens.roles.definitions import read_roles
from rolelens.support.packaged import data_path
from rolelens.support.templates import page_environment

_IDS = re.compile(r'(id="|href="#|xlink:href="#|url\(#)')


def as_html(report: Report) -> str:
    """Return a report as one HTML page that needs nothing from anywhere else."""
    known = [role.id for role in read_roles(data_path("roles"))]
    roles = [*known, *(role for role in report.roles if role not in known)]
    environment = page_environment(Path(__file__).parent)
    environment.filters["percent"] = percent
    with warnings.catch_warnings():  # the browser has the letters that matplotlib's own font lacks
        warnings.filterwarnings("ignore", message=".*missing from font")
        drawings = {
            "roles": charts.roles_chart(report, roles),
            "readings": charts.readings_chart(report, roles),
            "confidence": charts.confidence_chart(report),
        }
        if report.by_company:
            drawings["companies"] = charts.groups_chart(report.companies(), roles)
        if report.by_month:
            drawings["months"] = charts.groups_chart(report.months(), roles)
    # Every drawing calls its parts alike; in one page the names must differ.
    inline = {name: Markup(_IDS.sub(rf"\g<1>{name}-", svg)) for name, svg in drawings.items()}  # noqa: S704
    return environment.get_template("page.html.jinja").render(report=report, roles=roles, charts=inline)
