"""What the site tells others: RSS feeds, statistics, and pings to those who collect them."""
