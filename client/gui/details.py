"""The text inside the Details fold: for those who know what a torrent is. Needs no screen."""

from client.engine.transfer import Details
from client.jobs.progress import Progress
from client.words import gettext as _
from client.words import printable
from installer.formats import magnet
from installer.formats.magnet import Magnet


def explain(details: Details, progress: Progress) -> str:
    """Everything that is known, one fact per line."""
    lines = [_("Saved at: {path}").format(path=progress.place or "-")]
    if progress.info_hash:
        lines.append(_("Info-hash: {hash}").format(hash=progress.info_hash.hex()))
        lines.append(_("Magnet link: {link}").format(link=magnet_link(details, progress)))
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


def magnet_link(details: Details, progress: Progress) -> str:
    """The link that stands for this transfer."""
    trackers = tuple(line.split(": ")[0] for line in details.trackers)
    return magnet.write(Magnet(progress.info_hash, None, progress.name, trackers))
