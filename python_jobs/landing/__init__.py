"""Reading files and values: what is in a file, and what the libraries make of a phone, an email, a URL."""
