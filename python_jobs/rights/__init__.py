"""What the rights of a person take: finding everything held about them, and taking it out."""
