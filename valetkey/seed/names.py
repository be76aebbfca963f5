"""PURE. Invented names. Nobody of them exists, and none of their addresses leads anywhere."""

from __future__ import annotations

from typing import Final

AGENCY: Final = "Harborlight Studio"
MAIL: Final = "harborlight.example"

FIRST: Final = (
    "Ada", "Bela", "Cleo", "Dario", "Edda", "Farid", "Greta", "Hana", "Idris", "Juna", "Kofi", "Leda", "Milo", "Nadia",
    "Oskar", "Petra", "Quentin", "Runa", "Silas", "Tamsin", "Ulla", "Vito", "Wanda", "Xenia", "Yusuf", "Zora", "Anouk",
    "Bram", "Carys", "Dilan",
)  # fmt: skip
LAST: Final = (
    "Abelard", "Brinkhof", "Castellan", "Dunmore", "Elverum", "Fairclough", "Grimaldo", "Hollander", "Iversby",
    "Jankova", "Kestrel", "Lindgaard", "Marchetto", "Norrgard", "Okonjo", "Pellworm", "Quillon", "Rosenthau",
    "Sandoval", "Tremayne", "Umarov", "Velasquo", "Winterhal", "Yarrowby", "Zimmerlin", "Ashcombe", "Birkeland",
    "Corvino", "Drummore", "Estrello",
)  # fmt: skip
WORKS: Final = (
    "Paid social", "Account lead", "Creator relations", "Community", "Media buying", "Shop operations", "Reporting",
    "Producer",
)  # fmt: skip
BRANDS: Final = (
    "Copperleaf Tea", "Morrow Shoes", "Bluebarn Dairy", "Fennel & Fir", "Little Orbit Toys", "Saltwind Surf",
    "Marlow Lamps", "Pinecone Outdoors", "Juniper Skin", "Tandem Bikes", "Oatfield Bakery", "Velvet Moth", "Kettle Row",
    "Nightjar Audio", "Sunday Loom", "Harrow Coffee", "Plumline Paint", "Roundhouse Games", "Quarry Watches",
    "Wildrye Pets", "Lumen Yoga", "Cobalt Kitchen", "Tidepool Swim", "Marigold Mobile", "Fieldnote Paper",
)  # fmt: skip
PARTNERS: Final = (
    ("Northgate Media", "agency"), ("Blue Hour Films", "agency"), ("Tallyboard", "tool"),
    ("Peregrine Buying", "agency"), ("Loop & Ladder", "company"), ("Clipyard", "tool"),
)  # fmt: skip
HANDLES: Final = (
    "bakes", "knits", "rides", "paints", "runs", "cooks", "builds", "reads", "plants", "sails", "films", "mends",
    "dances", "hikes", "brews", "draws", "climbs", "sings",
)  # fmt: skip
FREELANCERS: Final = ("Odile Fenwick", "Tor Maddern", "Sunniva Roe", "Ilya Prosk", "Mirka Dole")
