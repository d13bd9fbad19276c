"""The site as granian's worker processes load it: tied to granian, so that none outlives it."""

from server.wsgi import application

from .tethered import end_with_parent

__all__ = ["application"]

end_with_parent()
