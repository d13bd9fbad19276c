"""The program that publishers and visitors run: it makes torrents, downloads and shares."""
