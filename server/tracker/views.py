"""The tracker's own page."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from . import page
from .models import TrackedTorrent

WIDTH, HEIGHT = 720, 120  # of the graph


@require_safe
def tracker(request: HttpRequest) -> HttpResponse:
    """Torrents, peers and programs in numbers, for people or with ?format=json."""
    now = timezone.now()
    rows = page.page(request.GET.get("page"))
    totals, running, rates = page.totals(), page.running(now), page.last_day(now)
    if request.GET.get("format") == "json":
        return JsonResponse(
            {
                "server_time": now,
                "tracker": asdict(running),
                "totals": asdict(totals),
                "announces_per_second_of_the_last_day": rates,
                "page": rows.number,
                "pages": rows.paginator.num_pages,
                "torrents": [as_json(row) for row in rows],
            }
        )
    shown = {
        "now": now,
        "rows": rows,
        "totals": totals,
        "running": running,
        "graph": graph(rates),
        "most": max(rates),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "tracker/tracker.html", shown)


def as_json(row: TrackedTorrent) -> dict[str, object]:
    """One line of the table."""
    names = ("info_hash", "name", "complete", "addresses", "incomplete", "downloaded")
    return {
        **{name: getattr(row, name) for name in names},
        "size": row.total_size,
        "transferred": row.transferred,
    }


def graph(rates: list[float]) -> str:
    """The points of an SVG polyline."""
    most = max(rates) or 1.0
    step = WIDTH / max(len(rates) - 1, 1)
    return " ".join(
        f"{index * step:.1f},{HEIGHT - rate / most * (HEIGHT - 4) - 2:.1f}"
        for index, rate in enumerate(rates)
    )
