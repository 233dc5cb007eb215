"""A tree that tree.sh made: its database, its keys and its organisations."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Tree:
    folder: pathlib.Path
    size: int
    uri: str
    database: str
    encryption_key: str
    partner_key: str
    partner: str
    customers: list  # of (id, key)

    @property
    def settings(self):
        return self.folder / "settings.properties"

    @staticmethod
    def read(folder):
        folder = pathlib.Path(folder).resolve()
        settings = dict(
            line.removeprefix("# ").split("=", 1)
            for line in (folder / "settings.properties").read_text().splitlines()
            if "=" in line
        )
        customers = [tuple(line.split()) for line in (folder / "keys.txt").read_text().splitlines()]
        return Tree(
            folder,
            len(customers),
            settings["quarkus.mongodb.connection-string"],
            settings["quarkus.mongodb.database"],
            settings["offshoot.key-encryption.current"],
            settings["key"],
            settings["organisation"],
            customers,
        )
