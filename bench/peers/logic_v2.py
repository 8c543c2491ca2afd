"""logic-v2, the name matcher of OpenSanctions (nomenklatura, on rigour), asked about each labelled pair of names."""

import tables
from followthemoney import model
from nomenklatura.matching.logic_v2.model import LogicV2

SCHEMAS = {"Person": "Person", "Organization": "Organization", "Company": "Company", "Vessel": "Vessel"}


def entity(schema, name):
    return model.get_proxy({"id": name, "schema": SCHEMAS.get(schema, "LegalEntity"), "properties": {"name": [name]}})


def main():
    _, out, files = tables.arguments()
    config = LogicV2.default_config()
    rows = []
    for pair in tables.read(files[0]):
        left, right = entity(pair["schema"], pair["name1"]), entity(pair["schema"], pair["name2"])
        rows.append((pair["id"], LogicV2.compare(left, right, config).score))
    tables.write(out, "scores.csv", ("id", "score"), rows)


if __name__ == "__main__":
    main()
