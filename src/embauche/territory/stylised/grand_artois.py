"""The facts of Grand Artois that its communes do not tell: poles, motorways, industry, lines.

Lives here: one Spec. Not here: how it is drawn. Numbers marked (memory) have no source at hand: they
are plausible, and to be swept.
"""

from __future__ import annotations

from embauche.territory.stylised.options import Corridor, Options
from embauche.territory.stylised.spec import Pole, Route, Spec

# Grand Artois: the Pôle métropolitain (three of its four EPCIs) had 188,100 jobs in 2015 and 35,300 workers
# who came in (FACTS); CU Arras adds some 55,000 jobs (memory). Inflows below sum to 46,000, of which about
# 35,000 to the Pôle. The jobs held outside follow the pull of Lille (memory).
GRAND_ARTOIS = Spec(
    "Grand Artois",
    "grand_artois.geojson",
    (
        Pole("X-LILLE", "Lille", (3.0250, 50.5130), (3.0700, 50.6360), 34_000, 12_500, 20, 19.0, 12, 700_000),
        Pole("X-DOUAI", "Douai", (3.0750, 50.3900), (3.0900, 50.3720), 12_500, 9_500, 9, 5.5, 12, 150_000),
        Pole(
            "X-CAMBRAI", "Cambrai", (3.0000, 50.2250), (3.2360, 50.1760), 2_600, 3_200, 20, 19.0, 12, 60_000
        ),
        Pole(
            "X-VALENCIENNES",
            "Valenciennes",
            (3.0780, 50.4150),
            (3.5170, 50.3630),
            3_000,
            2_200,
            32,
            38.0,
            15,
            120_000,
        ),
        Pole(
            "X-HAZEBROUCK",
            "Hazebrouck",
            (2.5200, 50.6480),
            (2.5410, 50.7250),
            3_800,
            4_800,
            14,
            10.5,
            12,
            50_000,
        ),
        Pole(
            "X-SAINT-OMER",
            "Saint-Omer",
            (2.3000, 50.6100),
            (2.2660, 50.7540),
            2_300,
            3_600,
            22,
            19.0,
            15,
            60_000,
        ),
        Pole(
            "X-SAINT-POL",
            "Saint-Pol-sur-Ternoise",
            (2.4100, 50.4450),
            (2.3370, 50.3810),
            1_500,
            5_200,
            14,
            12.0,
            10,
            25_000,
        ),
        Pole(
            "X-DUNKERQUE", "Dunkerque", (2.5000, 50.6490), (2.3680, 51.0300), 1_100, 900, 45, 52.0, 20, 90_000
        ),
        Pole("X-PARIS", "Paris", (2.9300, 50.1900), (2.3550, 48.8800), 3_600, 1_100, 105, 165.0, 25, 250_000),
        Pole("X-AMIENS", "Amiens", (2.6900, 50.1900), (2.3080, 49.8905), 900, 3_000, 45, 48.0, 15, 70_000),
    ),
    Options(
        corridors=(
            Corridor(
                "A26",
                (
                    (2.3000, 50.6100),
                    (2.4300, 50.5750),
                    (2.5600, 50.5200),
                    (2.6600, 50.4930),
                    (2.7400, 50.4250),
                    (2.8400, 50.3450),
                    (2.8900, 50.2850),
                    (3.0000, 50.2250),
                ),
            ),
            Corridor(
                "A21",
                (
                    (2.7150, 50.4280),
                    (2.7650, 50.4400),
                    (2.8500, 50.4420),
                    (2.9150, 50.4340),
                    (2.9700, 50.4270),
                    (3.0200, 50.4090),
                    (3.0750, 50.3900),
                ),
                maxspeed=110,
            ),
            Corridor(
                "A1",
                (
                    (3.0250, 50.5130),
                    (2.9900, 50.4750),
                    (2.9720, 50.4200),
                    (2.9250, 50.3500),
                    (2.8850, 50.2950),
                    (2.9200, 50.2350),
                    (2.9300, 50.1900),
                ),
            ),
            Corridor(
                "N47",
                ((2.6800, 50.4980), (2.7500, 50.4850), (2.8050, 50.4650), (2.8350, 50.4450)),
                "trunk",
                110,
            ),
            Corridor(
                "N41",
                (
                    (2.6550, 50.5350),
                    (2.7500, 50.5280),
                    (2.8300, 50.5300),
                    (2.9200, 50.5280),
                    (3.0250, 50.5130),
                ),
                "trunk",
                110,
            ),
        ),
        # Plants outside the big towns (memory): cars at Douvrin, freight at Dourges, steel at Isbergues.
        industry={
            "Douvrin": 4.0,
            "Billy-Berclau": 3.0,
            "Dourges": 3.5,
            "Isbergues": 2.5,
            "Ruitz": 6.0,
            "Hénin-Beaumont": 1.5,
            "Noyelles-Godault": 2.0,
            "Harnes": 1.6,
            "Feuchy": 4.0,
            "Monchy-le-Preux": 5.0,
            "Tilloy-lès-Mofflaines": 3.5,
            "Saint-Laurent-Blangy": 2.0,
            "Labourse": 2.0,
            "Vendin-le-Vieil": 2.0,
            "Wingles": 1.5,
            "Libercourt": 1.5,
        },
    ),
    (
        Route("TER Lens - Lille", "rail", ("Lens", "Pont-à-Vendin", "Meurchin", "Lille"), "rail_main", 62.0),
        Route("TER Béthune - Lille", "rail", ("Béthune", "Beuvry", "Cuinchy", "Lille"), "rail_main", 68.0),
        Route("TER Arras - Lille", "rail", ("Arras", "Rœux", "Douai", "Lille"), "rail_main", 75.0),
        Route(
            "TER Lens - Douai - Lille",
            "rail",
            ("Lens", "Billy-Montigny", "Hénin-Beaumont", "Dourges", "Leforest", "Douai"),
            "rail",
            50.0,
        ),
        Route("TER Libercourt", "rail", ("Hénin-Beaumont", "Dourges", "Libercourt", "Lille"), "rail", 62.0),
        Route(
            "TER Béthune - Hazebrouck",
            "rail",
            (
                "Arras",
                "Vimy",
                "Lens",
                "Bully-les-Mines",
                "Nœux-les-Mines",
                "Béthune",
                "Chocques",
                "Lillers",
                "Ham-en-Artois",
                "Isbergues",
                "Hazebrouck",
            ),
            "rail",
            55.0,
        ),
        Route(
            "TER Béthune - Saint-Pol",
            "rail",
            ("Béthune", "Bruay-la-Buissière", "Calonne-Ricouart", "Saint-Pol-sur-Ternoise"),
            "rail_thin",
            48.0,
        ),
        Route(
            "TER Arras - Saint-Pol", "rail", ("Arras", "Marœuil", "Saint-Pol-sur-Ternoise"), "rail_thin", 55.0
        ),
        Route("TER Arras - Amiens", "rail", ("Arras", "Boisleux-au-Mont", "Amiens"), "rail_thin", 75.0),
        Route("TGV Paris", "rail", ("Béthune", "Lens", "Arras", "Paris"), "rail_thin", 150.0),
        Route("Car Arras - Cambrai", "bus", ("Arras", "Cambrai"), "regular"),
        Route("Car Béthune - Saint-Omer", "bus", ("Béthune", "Lillers", "Saint-Omer"), "country"),
        Route("Car Arras - Lens", "bus", ("Arras", "Lens"), "regular"),
    ),
)
