"""What the tracker's benchmarks share: servers to measure and loads to put on them."""
