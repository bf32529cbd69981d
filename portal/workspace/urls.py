"""The map of the signed-in rooms. Never cached: what stands here is a person's own."""

from django.urls import include, path

from portal.workspace.administering.urls import urlpatterns as administering
from portal.workspace.answering.urls import urlpatterns as answering
from portal.workspace.arriving.urls import urlpatterns as arriving
from portal.workspace.keeping.urls import urlpatterns as keeping

app_name = "workspace"

urlpatterns = [
    path("tyotila/", include([*keeping, *arriving])),
    path("vastaus/", include(answering)),
    path("yllapito/", include(administering)),
]
