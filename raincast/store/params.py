"""The file `params.yaml`."""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from raincast.errors import BadFile
from raincast.learning.parameters import Parameters, parameters


class _Once(yaml.SafeLoader):
    """YAML in which each key of a mapping stands once; PyYAML takes the last of them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            said = f"the key {twice!r} twice"
            raise ConstructorError(None, None, said, node.start_mark)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Parameters:
    """The file's parameters; the defaults if it is missing.

    Raises:
        BadFile: it is not YAML.
        BadInput: it holds something unexpected.
    """
    if not path.exists():
        return Parameters()
    try:
        content = yaml.load(path.read_text("utf-8"), _Once)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, ValueError) as error:  # the latter: no UTF-8, or no day of a calendar
        raise BadFile(str(path), str(error).splitlines()[0], "YAML in UTF-8") from error
    return parameters(content or {})
