"""The tracker: which peers share which torrent. Knows info-hashes, not releases or people.

`core` decides, `wire` turns bytes into messages and back, `stores` keep the peers, `serving`
listens, and the Django app around them keeps what must outlive the process.
"""
