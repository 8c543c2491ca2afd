"""Splink on DuckDB, set as its makers' public demonstrations set it for these very files, or more strongly.

historical_50k: ten blocking rules, names compared jointly and with term frequencies, birth date, postcode, birthplace and
occupation, clusters at 0.95. FEBRL: the detailed model of the FEBRL 4 example, for both sets. Invented lists: names, birth
date, birthplace and whatever else the list has, by a dozen rules. Pairs from 0.01 on are kept, as Homeward keeps them.
"""

import duckdb
import splink.comparison_library as cl
import tables
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

CLUSTERS_AT = 0.95


def historical(_):
    return {
        "extra": "first_name || ' ' || surname as whole_name",
        "rules": [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        "comparisons": [
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="whole_name"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        "certain": [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        "recall": 0.6,
        "sessions": [block_on("first_name", "surname"), block_on("dob")],
        "sampled": 5e6,
    }


def febrl(_):
    swapped = "l.given_name = r.surname and l.surname = r.given_name"
    return {
        "rules": [
            block_on("soc_sec_id"),
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            swapped,
        ],
        "comparisons": [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        "certain": [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"), swapped + " and l.date_of_birth = r.date_of_birth"],
        "recall": 0.9,
        "sessions": [block_on("date_of_birth"), block_on("postcode")],
        "sampled": 1e7,
    }


# Columns of an invented list, by the names they may have.
KNOWN = {
    "given": ("given_name", "first_name", "given", "name.given"),
    "family": ("family_name", "surname", "last_name", "family", "name.family"),
    "patronymic": ("patronymic", "middle_name", "name.patronymic"),
    "birth": ("birth_date", "date_of_birth", "dob", "born", "birth.date"),
    "place": ("birth_place", "birthplace", "place_of_birth", "birth.place"),
    "home": ("home", "home_place", "residence", "oblast", "region", "home.place"),
    "sex": ("sex", "gender"),
}


def invented(columns):
    has = {role: next((c for c in names if c in columns), None) for role, names in KNOWN.items()}
    if not (has["given"] and has["family"] and has["birth"]):
        raise SystemExit(f"no given name, family name and birth date among {columns}")
    given, family, birth = (f'"{has[role]}"' for role in ("given", "family", "birth"))
    year = f"regexp_extract({birth}, '\\d{{4}}')"
    compared = [
        cl.JaroWinklerAtThresholds(has[role], [0.92, 0.85]).configure(term_frequency_adjustments=True)
        for role in ("given", "family", "patronymic")
        if has[role]
    ]
    compared.append(cl.LevenshteinAtThresholds(has["birth"], [1, 2]))
    compared += [cl.ExactMatch(has[role]).configure(term_frequency_adjustments=True) for role in ("place", "home") if has[role]]
    compared += [cl.ExactMatch(has["sex"])] if has["sex"] else []
    starts = f"substr({given},1,3)", f"substr({family},1,4)"
    rules = [block_on(given, family), block_on(given, birth), block_on(family, birth), block_on(*starts, year)]
    for role in ("patronymic", "place", "home"):
        if has[role]:
            rules += [block_on(f'"{has[role]}"', birth), block_on(f'"{has[role]}"', *starts), block_on(f'"{has[role]}"', given, year)]
    return {
        "rules": rules,
        "comparisons": compared,
        "certain": [block_on(given, family, birth)],
        "recall": 0.6,
        "sessions": [block_on(given, family), block_on(birth)],
        "sampled": 5e6,
    }


PLANS = {"historical_50k": historical, "febrl3": febrl, "febrl4": febrl, "synthetic": invented}


def load(connection, files, extra):
    for i, file in enumerate(files):
        connection.execute(f"create table raw{i} as from read_csv('{file}', all_varchar = true, header = true)")
        connection.execute(f"create table list{i} as select * {', ' + extra if extra else ''} from raw{i}")
        yield f"list{i}"


def columns_of(file):
    with open(file, encoding="utf-8") as f:
        return f.readline().strip().split(",")


def train(linker, plan):
    linker.training.estimate_probability_two_random_records_match(plan["certain"], recall=plan["recall"])
    linker.training.estimate_u_using_random_sampling(max_pairs=plan["sampled"], seed=1)
    for rule in plan["sessions"]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)


def main():
    task, out, files = tables.arguments()
    plan = PLANS[task](columns_of(files[0]))
    connection = duckdb.connect()
    api = DuckDBAPI(connection=connection)
    lists = [api.register(t) for t in load(connection, files, plan.get("extra"))]
    settings = SettingsCreator(
        unique_id_column_name="id",
        link_type="link_only" if len(files) > 1 else "dedupe_only",
        blocking_rules_to_generate_predictions=plan["rules"],
        comparisons=plan["comparisons"],
    )
    linker = Linker(lists if len(lists) > 1 else lists[0], settings)
    train(linker, plan)
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=CLUSTERS_AT)
    write = "copy (select {} from {}) to '{}/{}' (header)"
    connection.execute(write.format('id_l as "left", id_r as "right", match_probability as probability', pairs.physical_name, out, "pairs.csv"))
    connection.execute(write.format("id, cluster_id as cluster", clusters.physical_name, out, "clusters.csv"))


if __name__ == "__main__":
    main()
