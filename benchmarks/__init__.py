"""Speed and quality, measured as ratios against a baseline of the same run."""
