"""The site as a WSGI application: the tracker's addresses pass through, the rest is Django's."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from server.passthrough import pass_tracker_requests

application = pass_tracker_requests(get_wsgi_application())
