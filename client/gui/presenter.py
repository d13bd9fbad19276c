"""The words and numbers of the window. Needs no screen; drawing them is left to `cards`."""

from dataclasses import dataclass, replace
from enum import Enum

from client.jobs.progress import Phase, Progress
from client.words import duration, ngettext, printable, size
from client.words import gettext as _
from client.words.quantities import percent

_MEASURED = frozenset({Phase.DOWNLOADING, Phase.HASHING, Phase.CHECKING, Phase.MOVING})


class Deed(Enum):
    """What a button of a card asks for."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    OPEN_FOLDER = "open folder"
    OPEN_PAGE = "open page"
    REMOVE = "remove"
    SHARE = "share"
    STOP_SHARING = "stop sharing"
    MOVE = "move"


class Standing(Enum):
    """How a job stands beyond its progress."""

    RUNS = "runs"
    PAUSED = "paused"
    FAILED = "failed"
    RESTS = "rests"
    LEAVES = "leaves"


class Mood(Enum):
    """What the colour of a card's bar says."""

    BUSY = "busy"
    GOOD = "good"
    STILL = "still"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the window. `percent` is None while nobody knows how far it is.

    `notice` says what is wrong though the job goes on, `advice` how it stands or what to do.
    """

    title: str
    origin: str = ""
    headline: str = ""
    percent: float | None = None
    figures: str = ""
    people: str = ""
    notice: str = ""
    advice: str = ""
    mood: Mood = Mood.BUSY
    deeds: tuple[Deed, ...] = ()
    is_sharing: bool | None = None


def label(deed: Deed) -> str:
    """What stands on the button."""
    return {
        Deed.PAUSE: _("Pause"),
        Deed.RESUME: _("Continue"),
        Deed.CANCEL: _("Cancel"),
        Deed.OPEN_FOLDER: _("Open folder"),
        Deed.OPEN_PAGE: _("Open its page"),
        Deed.REMOVE: _("Remove from this list"),
        Deed.SHARE: _("Share again"),
        Deed.STOP_SHARING: _("Stop sharing"),
        Deed.MOVE: _("Choose another folder …"),
    }[deed]


def present(
    progress: Progress, standing: Standing, sentence: str = "", *, is_movable: bool = False
) -> Card:
    """One moment of a job as a card.

    `sentence` says why a job failed; it is movable when another folder may help.
    """
    card = _card(progress, standing, sentence, is_movable=is_movable)
    if progress.place is not None:
        return card
    return replace(card, deeds=tuple(deed for deed in card.deeds if deed is not Deed.OPEN_FOLDER))


def people(progress: Progress) -> str:
    """Who is at the other ends of the line, in a sentence."""
    return f"{_getting(progress)} {_helping(progress)}".strip()


def total(cards: list[Card]) -> str:
    """The title of the window."""
    busy = [card for card in cards if card.percent is not None and card.mood is Mood.BUSY]
    if not busy:
        return "Passalong"
    return f"{percent(busy[0].percent or 0)} · {busy[0].title} · Passalong"


def _card(progress: Progress, standing: Standing, sentence: str, *, is_movable: bool) -> Card:
    if standing is Standing.FAILED:
        return _failed(progress, sentence, is_movable=is_movable)
    if standing is Standing.LEAVES:
        return _leaving(progress)
    if standing is Standing.PAUSED:
        return _paused(progress)
    if progress.is_complete or standing is Standing.RESTS:
        return _complete(progress, standing)
    return _busy(progress)


def _busy(progress: Progress) -> Card:
    phase = progress.phase
    is_line = phase in _MEASURED and bool(progress.total_bytes)
    deeds: tuple[Deed, ...] = (Deed.CANCEL,)
    if phase not in {Phase.HASHING, Phase.UPLOADING}:
        deeds = (Deed.PAUSE, Deed.OPEN_FOLDER, Deed.CANCEL)
    return Card(
        title=printable(progress.name),
        origin=_origin(progress),
        headline=_headline(progress),
        percent=progress.percent if is_line else None,
        figures=_figures(progress),
        people=people(progress) if phase is Phase.DOWNLOADING else "",
        notice=_notice(progress),
        # What the tracker said earlier is not known any more once it cannot be asked.
        advice=_alone() if progress.is_alone and not progress.notice else "",
        deeds=deeds,
    )


def _notice(progress: Progress) -> str:
    return printable(f"{progress.remains} {progress.notice}".strip())


def _headline(progress: Progress) -> str:
    phase = Phase.ASKING if progress.is_idle else progress.phase
    return {
        Phase.ASKING: _("Looking for somebody who has it …"),
        Phase.MOVING: _("Moving what is here already"),
        Phase.HASHING: _("Reading your files"),
        Phase.UPLOADING: _("Telling the site …"),
        Phase.CHECKING: _("Checking what is already here"),
        Phase.DOWNLOADING: _("Downloading"),
        Phase.WRITING: _("Writing the last bytes to disk …"),
        Phase.SHARING: _("Sharing"),
        Phase.DONE: _("Done"),
    }[phase]


def _figures(progress: Progress) -> str:
    if progress.phase not in _MEASURED or not progress.total_bytes:
        return ""
    parts = [
        percent(progress.percent),
        _("{done} of {total}").format(
            done=size(progress.done_bytes), total=size(progress.total_bytes)
        ),
    ]
    if progress.phase is Phase.DOWNLOADING and progress.rate:
        parts.append(f"{size(progress.rate)}/s")
        if progress.seconds_left is not None:
            parts.append(_("about {time} left").format(time=duration(progress.seconds_left)))
    return " · ".join(parts)


def _complete(progress: Progress, standing: Standing) -> Card:
    runs = standing is Standing.RUNS
    is_published = bool(progress.page_url)
    folder = str(progress.place.parent.name) if progress.place is not None else ""
    deeds = (Deed.OPEN_FOLDER, Deed.REMOVE)
    return Card(
        title=printable(progress.name),
        origin=_origin(progress),
        headline=_("Published")
        if is_published
        else _("Done: it is in {folder}").format(folder=printable(folder)),
        percent=100.0,
        figures=_given(progress) if runs or progress.uploaded_bytes else "",
        people=_helping(progress) if runs else "",
        notice=_notice(progress) if runs else "",
        advice=_publisher_advice(progress) if is_published else _why_share(runs),
        mood=Mood.GOOD if runs else Mood.STILL,
        deeds=((Deed.OPEN_PAGE, *deeds) if is_published else deeds),
        is_sharing=runs,
    )


def _given(progress: Progress) -> str:
    given = _("You have given {amount} to others so far.").format(
        amount=size(progress.uploaded_bytes)
    )
    return given if progress.uploaded_bytes else _("Nobody needed a piece from you yet.")


def _why_share(runs: bool) -> str:
    if runs:
        return _(
            "While this is on, the next visitors get it from you too. That is how a small site "
            "can offer large files. Thank you!"
        )
    return _("You no longer share this. Switch it on again whenever you like.")


def _publisher_advice(progress: Progress) -> str:
    if progress.has_site_copy:
        return _("The site has its own copy now; you may stop.")
    copies = progress.copies_elsewhere
    if not copies:
        return _(
            "You are sharing this. Keep this computer on until others have it: "
            "nobody else has all of it yet."
        )
    return ngettext(
        "You are sharing this. There is {count} complete copy elsewhere now; you may stop.",
        "You are sharing this. There are {count} complete copies elsewhere now; you may stop.",
        copies,
    ).format(count=copies)


def _paused(progress: Progress) -> Card:
    return Card(
        title=printable(progress.name),
        origin=_origin(progress),
        headline=_("Paused"),
        percent=progress.percent if progress.done_bytes else None,
        figures=_("{done} of {total}").format(
            done=size(progress.done_bytes), total=size(progress.total_bytes)
        ),
        mood=Mood.STILL,
        deeds=(Deed.RESUME, Deed.OPEN_FOLDER, Deed.CANCEL),
    )


def _leaving(progress: Progress) -> Card:
    return Card(
        title=printable(progress.name), origin=_origin(progress), headline=_("Taking it away …")
    )


def _failed(progress: Progress, sentence: str, *, is_movable: bool) -> Card:
    moving = (Deed.MOVE,) if is_movable else ()
    return Card(
        title=printable(progress.name),
        origin=_origin(progress),
        headline=_("This needs you"),
        percent=progress.percent if progress.done_bytes else None,
        advice=printable(sentence),
        mood=Mood.BAD,
        deeds=(Deed.RESUME, *moving, Deed.OPEN_FOLDER, Deed.CANCEL),
    )


def _origin(progress: Progress) -> str:
    amount = size(progress.total_bytes) if progress.total_bytes else ""
    if not progress.site_name:
        return amount
    site = printable(progress.site_name)
    if progress.page_url:
        return _("{size} · on {site}").format(size=amount, site=site)
    return _("{size} · from {site}").format(size=amount, site=site)


def _getting(progress: Progress) -> str:
    if progress.peers and not progress.givers and not progress.rate:
        return _("Those who are here send nothing at the moment; I keep trying.")
    if not progress.givers:
        return ""
    return ngettext(
        "Getting it from {count} person.", "Getting it from {count} people.", progress.givers
    ).format(count=progress.givers)


def _helping(progress: Progress) -> str:
    if not progress.takers:
        return ""
    return ngettext(
        "You are helping {count} other.", "You are helping {count} others.", progress.takers
    ).format(count=progress.takers)


def _alone() -> str:
    return _("Nobody is online with this file right now; I keep trying.")
