"""The map of the site."""

urlpatterns = []
