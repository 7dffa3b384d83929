"""What stands behind `dealix audit`: a trial import, its figures, the acceptance contract, the report."""
