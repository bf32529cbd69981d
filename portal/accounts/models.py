"""The User model alone. Nothing here may refer to Wagtail or to a room that has a word of the domain."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.base import languages


class UserQuerySet(models.QuerySet["User"]):
    """Users, of whom none is put out of use in silence."""

    def update(self, **fields) -> int:
        """Django's, but whom it deactivates is saved one by one: signals would not see what the admin's list does."""
        if fields.get("is_active") is not False:
            return super().update(**fields)
        with transaction.atomic():
            leaving = list(self.filter(is_active=True))
            changed = super().update(**{**fields, "is_active": models.F("is_active")})
            for user in leaving:
                user.is_active = False
                user.save(update_fields=["is_active"])
        return changed


class EmailUserManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users who are known by their e-mail address."""

    def _create_user(self, email: str, password: str | None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":  # type: ignore[override]
        """Make a person's account; without a password they sign in by a code sent to them."""
        fields.setdefault("is_staff", False)
        fields.setdefault("is_superuser", False)
        return self._create_user(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":  # type: ignore[override]
        """Make an administrator."""
        return self._create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in: keeper, worker, editor or administrator."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("email address"), unique=True)
    language = models.CharField(
        _("language of letters"),
        max_length=10,
        choices=[(language.code, language.endonym) for language in languages.ALL],
        default=languages.FINNISH,
    )
    closed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the account was closed and the person forgotten."
    )
    is_development = models.BooleanField(
        default=False,
        editable=False,
        help_text="A sample login. It is refused everywhere but in debug mode.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = EmailUserManager()

    def __str__(self) -> str:
        return str(_("Closed account")) if self.closed_at else self.get_full_name() or self.email

    def set_full_name(self, name: str) -> None:
        """Take a name as a person writes it; all after the first word counts as the last name."""
        self.first_name, _space, self.last_name = " ".join(name.split()).partition(" ")
