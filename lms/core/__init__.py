"""What every package stands on: no Flask, no subject."""
