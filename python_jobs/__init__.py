"""Dealix jobs: Python lands facts in the warehouse and shows what SQL decided. No decisions here."""
