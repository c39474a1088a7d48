"""What each embedded territory has: poles outside, motorways, industry, rail and interurban lines.

Lives here: the facts that communes alone do not tell. Not here: how they are drawn.
Numbers marked (memory) have no source at hand: they are plausible, and to be swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from embauche.territory.stylised.ground import Gateway
from embauche.territory.stylised.options import Corridor, Options


@dataclass(frozen=True)
class Pole:
    """An external zone as the spec states it.

    Attributes:
        code: external zone's code.
        name: its name, as in lines.
        gate: lon, lat of the gateway on the border.
        stop: lon, lat of its station.
        jobs: posts there that residents hold or may take (memory).
        inflow: workers who live there and work here (memory).
        car_min, car_km: beyond the gateway to its workplaces (memory of road maps).
        walk_min: from its station to work, walk or local transit.
        mass: draw on through traffic, in inhabitants.
    """

    code: str
    name: str
    gate: tuple[float, float]
    stop: tuple[float, float]
    jobs: int
    inflow: int
    car_min: float
    car_km: float
    walk_min: float
    mass: float


@dataclass(frozen=True)
class Route:
    """A rail or interurban line by names of communes and poles.

    Attributes:
        name: route_short_name.
        mode: `rail` or `bus`.
        calls: communes or poles in order.
        level: pattern of departures (see timetable.PATTERNS).
        kmh: mean speed including stops, rail only.
    """

    name: str
    mode: str
    calls: tuple[str, ...]
    level: str
    kmh: float = 60.0


@dataclass(frozen=True)
class Spec:
    """One embedded territory.

    Attributes:
        title: name for people.
        file: communes, in the package's data.
        poles: external zones.
        options: the generator's numbers.
        routes: rail and interurban lines beyond those that the generator derives.
    """

    title: str
    file: str
    poles: tuple[Pole, ...]
    options: Options
    routes: tuple[Route, ...]

    def gateways(self) -> list[Gateway]:
        """Points where roads leave the territory."""
        return [Gateway(p.name, *p.gate, p.mass) for p in self.poles]


# Bresle-Vimeu: 29,528 jobs at the end of 2017 (FACTS), about 30,000 employed residents. Flows (memory):
# Abbeville and Dieppe take and send most; Amiens, Rouen and Paris a few who drive far or board a train.
BRESLE_VIMEU = Spec(
    "Bresle-Vimeu",
    "bresle_vimeu.geojson",
    (
        Pole(
            "X-ABBEVILLE",
            "Abbeville",
            (1.7180, 50.0750),
            (1.8240, 50.1020),
            2_600,
            2_100,
            13,
            11.0,
            12,
            40_000,
        ),
        Pole("X-DIEPPE", "Dieppe", (1.2750, 49.9980), (1.0810, 49.9220), 1_900, 1_100, 24, 19.0, 12, 60_000),
        Pole("X-AMIENS", "Amiens", (1.8150, 49.7700), (2.3060, 49.8905), 1_100, 450, 40, 44.0, 15, 90_000),
        Pole("X-ROUEN", "Rouen", (1.4700, 49.7800), (1.0940, 49.4490), 700, 250, 48, 62.0, 15, 90_000),
        Pole(
            "X-BEAUVAIS",
            "Beauvais et Paris",
            (1.7800, 49.7300),
            (2.0890, 49.4260),
            600,
            250,
            42,
            43.0,
            20,
            90_000,
        ),
    ),
    Options(
        corridors=(
            Corridor(
                "A28",
                (
                    (1.7180, 50.0750),
                    (1.7000, 50.0000),
                    (1.6560, 49.9350),
                    (1.6050, 49.8800),
                    (1.5350, 49.8300),
                    (1.4700, 49.7800),
                ),
            ),
        ),
        # Glass valley of the Bresle, locks and taps of the Vimeu (memory): industry in small towns.
        industry={
            "Gamaches": 2.4,
            "Blangy-sur-Bresle": 2.2,
            "Bouttencourt": 2.0,
            "Incheville": 2.2,
            "Beauchamps": 2.6,
            "Eu": 1.4,
            "Mers-les-Bains": 1.6,
            "Longroy": 2.5,
            "Nesle-Normandeuse": 3.5,
            "Vieux-Rouen-sur-Bresle": 2.5,
            "Aumale": 2.2,
            "Friville-Escarbotin": 1.9,
            "Feuquières-en-Vimeu": 2.8,
            "Fressenneville": 2.0,
            "Béthencourt-sur-Mer": 2.6,
            "Woincourt": 2.6,
            "Dargnies": 1.8,
            "Nibas": 1.5,
            "Chépy": 1.6,
            "Tully": 2.2,
            "Ponts-et-Marais": 2.2,
            "Étalondes": 1.6,
            "Bouvaincourt-sur-Bresle": 1.6,
        },
    ),
    (
        Route(
            "TER 1",
            "rail",
            (
                "Tréport",
                "Eu",
                "Incheville",
                "Gamaches",
                "Longroy",
                "Blangy-sur-Bresle",
                "Vieux-Rouen-sur-Bresle",
                "Aumale",
                "Beauvais et Paris",
            ),
            "rail_thin",
            62.0,
        ),
        Route(
            "TER 2",
            "rail",
            ("Tréport", "Eu", "Woincourt", "Feuquières-en-Vimeu", "Chépy", "Abbeville"),
            "rail_thin",
            55.0,
        ),
        Route(
            "L1",
            "bus",
            ("Tréport", "Eu", "Friville-Escarbotin", "Feuquières-en-Vimeu", "Abbeville"),
            "regular",
        ),
        Route("L2", "bus", ("Ault", "Friville-Escarbotin", "Fressenneville", "Gamaches"), "country"),
        Route("L3", "bus", ("Mers-les-Bains", "Tréport", "Criel-sur-Mer", "Dieppe"), "country"),
        Route("L4", "bus", ("Eu", "Gamaches", "Blangy-sur-Bresle"), "country"),
        Route("L5", "bus", ("Blangy-sur-Bresle", "Foucarmont", "Rouen"), "thin"),
        Route("L6", "bus", ("Aumale", "Amiens"), "thin"),
    ),
)

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
        # Large plants outside the big towns (memory): cars at Douvrin, logistics at Dourges, steel at Isbergues.
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

SPECS = {"bresle-vimeu": BRESLE_VIMEU, "grand-artois": GRAND_ARTOIS}


def communes_file(name: str) -> Path:
    """Path of an embedded territory's communes."""
    return Path(str(files("embauche") / "data" / "communes" / SPECS[name].file))
