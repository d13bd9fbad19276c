"""The addresses for machines."""

from django.urls import path

from . import views

urlpatterns = [path("healthz", views.healthz)]
