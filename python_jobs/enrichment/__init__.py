"""Asks others about companies: what came back is landed as a fact, what it means is decided in SQL."""
