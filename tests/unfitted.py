"""Networks over the day's stations as a fit begins them, which needs no compiler."""

from typing import Any

from raincast.learning.attention.recipe import Recipe


def weights(seed: int, recipe: Recipe, stations: int) -> dict[str, Any]:
    """As kept. JAX takes seconds to load: only the process whose tests need it does."""
    import jax

    from raincast.learning.attention import fit, layers

    return fit.kept(layers.start(jax.random.key(seed), recipe, stations))
