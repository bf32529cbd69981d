"""Pages of those who keep listings: my organisation, a service, its form, its history."""
