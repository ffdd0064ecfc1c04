"""An toàn số: training a whole school system in staying safe online."""

__version__ = "0.1.0"
