"""Words and page of a day of vehicles, in French and English.

Lives here: what is said. Not here: the drawings (schedules).
"""
# ruff: noqa: E501  # sentences on one line

from __future__ import annotations

from embauche.core.messages import register

register(
    {
        "day.Mon": ("lundi", "Monday"),
        "day.Tue": ("mardi", "Tuesday"),
        "day.Wed": ("mercredi", "Wednesday"),
        "day.Thu": ("jeudi", "Thursday"),
        "day.Fri": ("vendredi", "Friday"),
        "day.Sat": ("samedi", "Saturday"),
        "day.Sun": ("dimanche", "Sunday"),
        "day.riders": ("passagers", "riders"),
        "day.vehicle": ("véhicule", "vehicle"),
        "day.depot": ("premier départ", "first departure"),
        "day.title": (
            "{run} : {service}, {day} de la semaine {week}",
            "{run}: {service}, {day} of week {week}",
        ),
        "day.told": (
            "Véhicules : {n} ; trajets : {drives}, dont {share} % avec passagers.",
            "Vehicles: {n}; drives: {drives}, {share} % of them with riders.",
        ),
        "day.plot": ("Temps et distance", "Time and distance"),
        "day.map": ("Routes parcourues", "Roads driven"),
        "day.plot_note": (
            "Heure en abscisse, kilomètres par la route depuis le premier départ en ordonnée. Un trait par trajet, "
            "d'autant plus épais qu'il y a de passagers, en tirets à vide ; une couleur par véhicule.",
            "Time of day across, road kilometres from the first departure upwards. A line a drive, thicker with "
            "more riders, dashed when empty; a colour a vehicle.",
        ),
        "day.map_note": (
            "Routes parcourues ce jour-là : largeur selon les passagers, gris à vide.",
            "Roads driven that day: width by riders, grey when empty.",
        ),
    }
)

PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><style>
body{{font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:#1b2733;max-width:1080px;margin:1.5rem auto;padding:0 1rem}}
svg{{width:100%;height:auto}}.tick{{font-size:11px;fill:#52606d}}figcaption{{color:#52606d;font-size:.9rem}}figure{{margin:1rem 0}}
</style></head><body><h1>{title}</h1><p>{told}</p><figure>{plot}<figcaption>{plot_note}</figcaption></figure>
<figure>{map}<figcaption>{map_note}</figcaption></figure></body></html>
"""
