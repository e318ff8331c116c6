"""A network in which a day's stations attend to each other; fitted with JAX, served with NumPy."""
