"""`/healthz`, for the machines that watch over this one."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .health import failing_parts


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when everything answers, else 503 and the names of the parts that do not."""
    failing = failing_parts()
    if failing:
        return JsonResponse({"status": "failing", "failing": failing}, status=503)
    return JsonResponse({"status": "ok"})
