"""The settings that we give libtorrent instead of its own defaults. Measured or reasoned here;
how they reach the engine is left to `libtorrent_engine`.
"""

from client.engine.transfer import Wishes
from installer import VERSION

DEFAULT_PORTS = (6881, 6999)

# libtorrent counts in 32 bits.
_LARGEST_RATE = 2**31 - 1

Setting = bool | int | str


def base_settings() -> dict[str, Setting]:
    """What every session starts with."""
    major, minor, patch = (int(part) for part in VERSION.split("."))
    return {
        "user_agent": f"Passalong/{VERSION}",
        "peer_fingerprint": f"-PA{major % 10}{minor % 10}{patch % 10}0-",
        # Outgoing uTP is tried first and crawls in local networks (14 MB/s against 500), and a
        # restarted client is refused for as long as its old uTP connection is not known dead.
        "enable_outgoing_utp": False,
        "enable_incoming_utp": True,
        # With the default of 60 a killed and restarted client waits a minute for its only seed.
        "min_reconnect_time": 10,
        "peer_connect_timeout": 7,
        "torrent_connect_boost": 50,
        "connections_limit": 200,
        # Two people behind one router are our everyday case; so are two clients on one machine.
        "allow_multiple_connections_per_ip": True,
        "announce_to_all_tiers": True,
        "min_announce_interval": 30,
        "close_redundant_connections": True,
        "validate_https_trackers": True,
        "ssrf_mitigation": True,
        "stop_tracker_timeout": 3,
        "hashing_threads": 2,
        "urlseed_pipeline_size": 10,
        "max_web_seed_connections": 6,
        # We queue ourselves, so libtorrent's own queue must never hold a torrent back.
        "active_downloads": 1000,
        "active_seeds": 1000,
        "active_limit": 2000,
        "active_checking": 2,
        "enable_upnp": True,
        "enable_natpmp": True,
        # Local peers find each other without leaving the local network.
        "enable_lsd": True,
        # The site's tracker knows the swarm, and a release that the site withdraws should fade
        # away. The DHT would publish every info-hash and address for good. A person who wants it
        # gives `--setting enable_dht=true`.
        "enable_dht": False,
        # The default STUN server belongs to Google; no tracker of ours speaks WebTorrent.
        "webtorrent_stun_server": "",
    }


# libtorrent sends by fits and starts of half a second, which fill the queue of a line before
# anybody else does. `politeness` needs it to send evenly.
_EVENLY: dict[str, Setting] = {"tick_interval": 25, "send_buffer_watermark_factor": 10}
_BY_FITS: dict[str, Setting] = {"tick_interval": 500, "send_buffer_watermark_factor": 50}


def settings_for(wishes: Wishes) -> dict[str, Setting]:
    """Add what the person wishes, except single settings by name (only libtorrent knows them)."""
    low, high = wishes.ports or DEFAULT_PORTS
    settings = base_settings() | {
        "listen_interfaces": f"0.0.0.0:{low},[::]:{low}",
        # libtorrent counts upwards from `low` until a port is free.
        "max_retry_port_bind": high - low,
        "listen_system_port_fallback": wishes.ports is None,
        "upload_rate_limit": rate(wishes.limits.upload),
        "download_rate_limit": rate(wishes.limits.download),
    }
    settings |= _EVENLY if wishes.is_polite else _BY_FITS
    if wishes.announce_ip is not None:
        settings["announce_ip"] = wishes.announce_ip
    return settings


def rate(limit: int) -> int:
    """A limit in bytes per second as libtorrent can hold it."""
    return min(limit, _LARGEST_RATE)
