"""The file `params.yaml`."""

from pathlib import Path

import yaml

from raincast.errors import BadFile
from raincast.learning.parameters import Parameters, parameters


def read(path: Path) -> Parameters:
    """The file's parameters; the defaults if it is missing.

    Raises:
        BadFile: it is not YAML.
        BadInput: it holds something unexpected.
    """
    if not path.exists():
        return Parameters()
    try:
        return parameters(yaml.safe_load(path.read_text("utf-8")) or {})
    except yaml.YAMLError as error:
        raise BadFile(str(path), str(error).splitlines()[0], "YAML") from error
