"""Messages to inspect as text that people can read and write; docs/message-format.md says how."""
