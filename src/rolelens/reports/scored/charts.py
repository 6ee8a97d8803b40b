"""The charts of a report, as SVG that stands inside a page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rolelens.errors import OutputError
from rolelens.reports.scored.gather import BINS, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0a62a9", "#c4660f", "#08705a", "#6b3fa0", "#a81d64", "#55606b")  # told apart by colour-blind eyes
_UNNAMED = "no role named"


def roles_chart(report: Report, roles: Sequence[str]) -> str:
    """Return the share of every role."""

    def draw(axes: Axes) -> None:
        shares = [report.roles[role] / max(1, report.roles.total()) for role in roles]
        bars = axes.barh(range(len(roles)), shares, color=[_colour(role, roles) for role in roles])
        labels = [f"{share:.1%}  ({report.roles[role]:,})" for role, share in zip(roles, shares, strict=True)]
        axes.bar_label(bars, labels, padding=4)
        axes.set_yticks(range(len(roles)), roles)
        axes.invert_yaxis()
        axes.set_xlim(0, max(shares, default=1) * 1.3 or 1)
        axes.set_xticks([])

    return _svg(draw, 7, 0.42 * len(roles) + 0.3)


def readings_chart(report: Report, roles: Sequence[str]) -> str:
    """Return titles against duties as a heat map, each row adding up to 100 %."""

    def draw(axes: Axes) -> None:
        rows = [role for role in (*roles, "") if any(report.readings[role, duty] for duty in roles)]
        counts = [[report.readings[title, duty] for duty in roles] for title in rows]
        shares = [[count / max(1, sum(row)) for count in row] for row in counts]
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for down, row in enumerate(counts):
            for across, count in enumerate(row):
                if count:
                    tone = "white" if shares[down][across] > 0.5 else "#1d2125"
                    axes.text(across, down, f"{count:,}", ha="center", va="center", color=tone)
        axes.set_xticks(range(len(roles)), roles, rotation=20, ha="right")
        axes.set_yticks(range(len(rows)), [role or _UNNAMED for role in rows])
        axes.set(xlabel="by its duties", ylabel="by its title")

    return _svg(draw, 8, 4.4)


def confidence_chart(report: Report) -> str:
    """Return how sure the answers are."""

    def draw(axes: Axes) -> None:
        edges = [place / BINS for place in range(BINS)]
        axes.bar(edges, report.confidence, width=0.9 / BINS, align="edge", color=COLOURS[0])
        axes.set(xlabel="confidence", ylabel="postings", xlim=(0, 1))

    return _svg(draw, 7, 2.6)


def groups_chart(groups: Sequence[tuple[str, Counter[str]]], roles: Sequence[str]) -> str:
    """Return the roles of companies or months as stacked bars."""

    def draw(axes: Axes) -> None:
        left = [0] * len(groups)
        for role in roles:
            counts = [found[role] for _, found in groups]
            axes.barh(range(len(groups)), counts, left=left, color=_colour(role, roles), label=role)
            left = [before + count for before, count in zip(left, counts, strict=True)]
        axes.set_yticks(range(len(groups)), [name if len(name) <= 40 else f"{name[:39]}…" for name, _ in groups])
        axes.invert_yaxis()
        axes.set_xlabel("postings")
        axes.legend(frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.4, -0.9 / max(2, len(groups))))

    return _svg(draw, 8, 0.34 * len(groups) + 1.6)


def _colour(role: str, roles: Sequence[str]) -> str:
    return COLOURS[list(roles).index(role) % len(COLOURS)]


def _svg(draw: Callable[[Axes], None], width: float, height: float) -> str:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise OutputError('a report needs matplotlib for its charts; pip install "rolelens[report]"') from error
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "rolelens", "font.family": "sans-serif"}):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    content = file.getvalue()
    return content[content.index("<svg") :]
