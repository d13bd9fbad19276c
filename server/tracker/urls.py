"""The address of the tracker's own page; announces never come here."""

from django.urls import path

from . import views

app_name = "tracker"
urlpatterns = [path("tracker/", views.tracker, name="tracker")]
