"""Why something was not published: a code for programs, a sentence for the publisher."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from installer.errors import FormatError


class PublishingError(Exception):
    """What the API answers; `facts` are more fields of the answer."""

    def __init__(
        self, status: int, code: str, message: str, facts: Mapping[str, str | list[str]] = {}
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.facts = facts


def ticket_refused() -> PublishingError:
    """Unknown, expired and revoked tickets all get this, so that nobody learns which it is."""
    message = _("This upload ticket is not valid. Get a new one on the site's upload page.")
    return PublishingError(401, "ticket_refused", message)


def token_refused() -> PublishingError:
    """Unknown, expired and revoked tokens, and those for something else."""
    message = _("This API token is not valid for this. Make a new one on your account's page.")
    return PublishingError(401, "token_refused", message)


def too_many_uploads(limit: int) -> PublishingError:
    """More in a day than the admin allows."""
    message = _("That is more than %(limit)s uploads in a day. Please go on tomorrow.")
    return PublishingError(429, "too_many_uploads", message % {"limit": limit})


def too_large(limit: int) -> PublishingError:
    """A release larger than the admin allows."""
    message = _("This is larger than the %(limit)s GB that a release may have on this site.")
    return PublishingError(422, "release_too_large", message % {"limit": limit})


def blocked() -> PublishingError:
    """An admin wants these files never again."""
    message = _("Exactly these files have been blocked on this site.")
    return PublishingError(403, "blocked", message)


def no_trackers() -> PublishingError:
    """Nothing to keep."""
    message = _("This torrent names no tracker that could be kept. Let it use this site's tracker.")
    return PublishingError(422, "no_trackers", message)


def may_not_publish() -> PublishingError:
    """The person behind the ticket may not publish, or not any more."""
    message = _("You may not publish on this site. Ask the person who runs it.")
    return PublishingError(403, "may_not_publish", message)


def ticket_used() -> PublishingError:
    """The ticket has done its work, with another torrent."""
    message = _("This upload ticket was used for something else. Get a new one for each release.")
    return PublishingError(409, "ticket_used", message)


def release_removed() -> PublishingError:
    """The ticket has done its work, and somebody has undone it since."""
    message = _(
        "What was published with this upload ticket has been taken away from the site. If you "
        "want to publish it again, get a new ticket."
    )
    return PublishingError(409, "release_removed", message)


def already_published() -> PublishingError:
    """Somebody else offers the same torrent."""
    message = _("Somebody else has already published exactly these files on this site.")
    return PublishingError(409, "already_published", message)


def torrent_refused(error: FormatError) -> PublishingError:
    """The torrent is none, or one that not every computer could download."""
    facts = {"field": error.field} if error.field else {}
    return PublishingError(422, "torrent_refused", str(error), facts)


def words_refused(field: str, message: str) -> PublishingError:
    """Title, description or category cannot stay as they are."""
    return PublishingError(422, "words_refused", message, {"field": field})
