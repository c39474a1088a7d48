"""The facts of Bresle-Vimeu that its communes do not tell: poles, motorways, industry, lines.

Lives here: one Spec. Not here: how it is drawn. Numbers marked (memory) have no source at hand: they
are plausible, and to be swept.
"""

from __future__ import annotations

from embauche.territory.stylised.options import Corridor, Options
from embauche.territory.stylised.spec import Pole, Route, Spec

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
