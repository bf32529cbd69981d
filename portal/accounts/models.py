"""The User model alone. Nothing here may refer to Wagtail or to another room."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class EmailUserManager(UserManager):
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
    is_development = models.BooleanField(
        default=False,
        editable=False,
        help_text="A sample login. It is refused everywhere but in debug mode.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = EmailUserManager()

    def __str__(self) -> str:
        return self.get_full_name() or self.email
