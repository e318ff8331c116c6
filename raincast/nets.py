"""The former place of the perceptron: pickled models name their class here, and go on loading."""

from raincast.learning.perceptron import Perceptron

__all__ = ["Perceptron"]
