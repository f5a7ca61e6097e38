"""How France shares money for protected children with a disability between its départements."""

__version__ = "0.1.0"
