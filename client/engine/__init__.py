"""The BitTorrent engine behind a small protocol; `libtorrent_engine` is the real one."""
