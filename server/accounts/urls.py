"""The addresses of set-up and of one's own account; signing in and the like is allauth's."""

from django.urls import include, path

from . import views

pages = [
    path("setup/", views.setup, name="setup"),
    path("accounts/", views.account, name="account"),
    path("accounts/invitation/<str:token>/", views.invitation, name="invitation"),
]

urlpatterns = [
    path("", include((pages, "accounts"))),
    path("accounts/password/reset/", views.reset_password),
    path("accounts/", include("allauth.urls")),
]
