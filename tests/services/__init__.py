"""Real servers for tests: an S3 server (OpenStack Swift) and PostgreSQL, on loopback, gone when the tests end."""
