"""Reading files and values: what is in a file, what libraries make of a phone, an email, a URL."""
