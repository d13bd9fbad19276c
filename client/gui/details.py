"""The text inside the Details fold: for those who know what a torrent is. Needs no screen."""

from client.engine.transfer import Details
from client.gui.works import info_hash_of
from client.jobs.progress import Progress
from client.words import gettext as _
from client.words import printable
from installer.formats import magnet
from installer.formats.magnet import Magnet


def explain(details: Details, progress: Progress, link: Magnet | None) -> str:
    """Everything that is known, one fact per line."""
    lines = [_("Saved at: {path}").format(path=progress.place or "-")]
    if link is not None:
        lines.append(_("Info-hash: {hash}").format(hash=info_hash_of(link).hex()))
        lines.append(_("Magnet link: {link}").format(link=magnet.write(link)))
    if details.pieces:
        pieces = _("Pieces: {done} of {total}")
        lines.append(pieces.format(done=details.pieces_done, total=details.pieces))
    lines.append(
        _("Peers: {peers}, of them complete: {seeds}").format(
            peers=progress.peers, seeds=progress.seeds
        )
    )
    lines += [f"  {printable(peer)}" for peer in details.peers]
    lines.append(_("Trackers:"))
    lines += [f"  {printable(tracker)}" for tracker in details.trackers]
    lines.append(_("What happened last:"))
    lines += [f"  {printable(line)}" for line in reversed(details.log)]
    return "\n".join(lines)
