"""wpound: bids scored, promises verified, local spend compared."""

__version__ = "0.1.0"
