"""Messages to inspect, as text files of our own: the one format that carries them."""
