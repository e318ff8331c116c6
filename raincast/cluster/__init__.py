"""Other processes, here or on other machines, that do pieces of a work."""
