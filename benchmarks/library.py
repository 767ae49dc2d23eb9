"""How long a search of the picture library takes: the median and the slowest of many, by query.

python benchmarks/library.py [--repeat 50]
"""

import argparse
import platform
import sqlite3
import statistics
import time

from cvhelpers.ondevice.library import Library, Query

QUERIES = {
    "puppies": Query("puppies", count=16),
    "pupies (misspelled)": Query("pupies", count=16),
    "Hund": Query("Hund"),
    "犬": Query("犬"),
    "hot dog": Query("hot dog"),
    "tropical ocean": Query("tropical ocean"),
    "something to drink": Query("something to drink"),
    "animal": Query("animal"),
    "animal, 150": Query("animal", count=150),
    "food, public, wide, red": Query("food", license="Public", aspect="Wide", color="Red"),
    "photo, public": Query("puppies", license="Public", image_type="Photo"),
    "nothing known": Query("qqqzzzxxx"),
    "no words": Query(""),
    "no words, page 20": Query("", offset=665),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure searches of the picture library.")
    parser.add_argument("--repeat", type=int, default=50)
    repeat = parser.parse_args().repeat
    start = time.perf_counter()
    library = Library()
    library.search(Query("puppies"))
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {len(library)} pictures")
    print(f"opened and first search: {1000 * (time.perf_counter() - start):.1f} ms\n")
    print(f"{'query':<26}{'found':>7}{'median ms':>12}{'slowest ms':>12}")
    medians = []
    for name, query in QUERIES.items():
        times = []
        for _ in range(repeat):
            start = time.perf_counter()
            page = library.search(query)
            times.append(1000 * (time.perf_counter() - start))
        medians.append(statistics.median(times))
        print(f"{name:<26}{page.total:>7}{medians[-1]:>12.1f}{max(times):>12.1f}")
    print(f"{'all':<26}{'':>7}{statistics.median(medians):>12.1f}{max(medians):>12.1f}")


if __name__ == "__main__":
    main()
