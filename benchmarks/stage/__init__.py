"""What benchmarks and tests share: a data folder of its own, a real server on it, clients that keep their line."""
