"""A month at a mutuelle that does not exist: recorded readings through the real decisions and queues."""
