"""What every document of the product is: a frozen record that is read from JSON or refused.

A record names each key of its file once, with its type. Reading checks every leaf; a key that a
producer renames fails the type checker. `to_json` writes the keys that were given, so a file keeps
its form.
"""

from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from raincast.errors import BadFile

Json = dict[str, JsonValue]
Part = TypeVar("Part", bound="Document")
_MOST_TOLD = 80


class Document(BaseModel):
    """A record that a JSON file holds."""

    # `model_` begins names of ours, such as the version of a model, not only pydantic's own.
    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), populate_by_name=True
    )

    @classmethod
    def from_json(cls, value: object, where: str) -> Self:
        """The record in a parsed JSON value.

        Args:
            where: the file that it comes from, for the message.

        Raises:
            BadFile: names the first field that does not fit, what was found and what was expected.
        """
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or None
            found = "nothing" if first["type"] == "missing" else _brief(first["input"])
            expected = _expected(first["type"], first["msg"])
            raise BadFile(where, found, expected, field=field) from error

    def given(self) -> dict[str, Any]:
        """The fields that were given, by name: what another record is made from."""
        return {name: getattr(self, name) for name in self.model_fields_set}

    def part(self, kind: type[Part]) -> Part:
        """Those of its fields that another kind of record names."""
        return kind(**{name: v for name, v in self.given().items() if name in kind.model_fields})

    def to_json(self, include: set[str] | None = None) -> Json:
        """The keys that were given, as plain values; only those of `include` if it is given."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, include=include)


def _brief(value: object) -> object:
    """A value as a line of a message can hold it: a whole document may stand under a wrong key."""
    told = repr(value)
    return value if len(told) <= _MOST_TOLD else f"{told[:_MOST_TOLD]} …"


def _expected(kind: str, message: str) -> str:
    if kind == "missing":
        return "this key"
    if kind == "extra_forbidden":
        return "no such key; another version of the program may have written it"
    return message.removeprefix("Input should be ")
