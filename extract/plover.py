"""The codebook: PLOVER's event types, modes, quad classes, contexts and actor sectors.

Source: PLOVER manual, draft 0.8 of September 2021 (openeventdata). Where the manual puts
SANCTION both under verbal and under material conflict, it is material here, as in the
section that defines it. The colours and symbols of types are the view's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class QuadClass(StrEnum):
    """Whether an event is words or deeds, and friendly or hostile."""

    VERBAL_COOPERATION = "verbal cooperation"
    MATERIAL_COOPERATION = "material cooperation"
    VERBAL_CONFLICT = "verbal conflict"
    MATERIAL_CONFLICT = "material conflict"


@dataclass(frozen=True, slots=True)
class EventType:
    """One PLOVER type: its quad class, its modes, and what it covers in a phrase."""

    name: str
    quad_class: QuadClass
    modes: tuple[str, ...]
    meaning: str


def _types(*rows: tuple[str, QuadClass, str, str]) -> dict[str, EventType]:
    return {
        name: EventType(name, quad, tuple(modes.split()), meaning)
        for name, quad, modes, meaning in rows
    }


EVENT_TYPES: dict[str, EventType] = _types(
    ("AGREE", QuadClass.VERBAL_COOPERATION, "", "agree or promise to do something"),
    ("CONSULT", QuadClass.VERBAL_COOPERATION, "visit third-party multilateral phone", "meet, talk, negotiate, visit"),
    ("SUPPORT", QuadClass.VERBAL_COOPERATION, "", "praise, recognise, defend, express sympathy"),
    ("CONCEDE", QuadClass.VERBAL_COOPERATION, "", "give way to a demand, ease a policy"),
    ("COOPERATE", QuadClass.MATERIAL_COOPERATION, "", "act together: trade, joint exercises, sharing"),
    ("AID", QuadClass.MATERIAL_COOPERATION, "", "give material, military or humanitarian help"),
    ("RETREAT", QuadClass.MATERIAL_COOPERATION, "withdraw release disarm ceasefire access resign", "withdraw, release, cease fire, give access"),
    ("REQUEST", QuadClass.VERBAL_CONFLICT, "assist change yield meet", "ask or demand, call for"),
    ("ACCUSE", QuadClass.VERBAL_CONFLICT, "disapprove investigate allege", "criticise, accuse, charge, investigate"),
    ("REJECT", QuadClass.VERBAL_CONFLICT, "assist change yield meet", "refuse a request, plan or offer"),
    ("THREATEN", QuadClass.VERBAL_CONFLICT, "restrict arrest relations expel territory violence", "threaten or warn of a hostile act"),
    ("PROTEST", QuadClass.MATERIAL_CONFLICT, "demo riot strike hunger boycott obstruct vandalize", "demonstrate, strike, riot"),
    ("SANCTION", QuadClass.MATERIAL_CONFLICT, "convict expel withdraw discontinue", "sanction, break relations, expel, convict"),
    ("MOBILIZE", QuadClass.MATERIAL_CONFLICT, "troops weapons police militia", "deploy, exercise or raise forces"),
    ("COERCE", QuadClass.MATERIAL_CONFLICT, "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber", "arrest, seize, besiege, restrict"),
    ("ASSAULT", QuadClass.MATERIAL_CONFLICT, "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons crowd-control unconventional", "attack, kill, bomb, fight"),
)  # fmt: skip

CONTEXTS: tuple[str, ...] = tuple(
    """
    military intelligence executive legislative election political_institutions pro_democracy
    pro_autocracy economic legal reparations human_rights rights_freedoms repression human_security
    gender lgbt religion_ethnicity inequality diplomatic territory peacekeeping health asylum
    migration disasters natural_resource environment technology terrorism cbrn cyber misinformation
    crime corruption illegal_drugs trafficking
    """.split()
)

SECTORS: dict[str, str] = {
    "COP": "police", "GOV": "government", "JUD": "judiciary", "LEG": "legislature",
    "MIL": "armed forces", "PRM": "paramilitary", "PTY": "political party", "REB": "rebels",
    "SPY": "intelligence", "UAF": "unaligned armed group", "UNK": "unknown",
    "AGR": "farmers", "BUS": "business", "CRM": "criminals", "CVL": "civilians",
    "EDU": "education", "ELI": "elites and former officials", "JRN": "journalists", "LAB": "labour", "MED": "health workers",
    "REF": "refugees", "OPP": "opposition", "PRE": "partially recognised states", "REL": "religious body", "SOC": "social groups",
    "IGO": "intergovernmental organisation", "UNO": "United Nations", "EUR": "European Union",
    "NGO": "non-governmental organisation", "ISM": "international social movement",
    "IMG": "international armed group", "MNC": "multinational company",
}  # fmt: skip


def quad_class(event_type: str) -> str:
    """Return the quad class of an event type; raises KeyError for a type not in the codebook."""
    return EVENT_TYPES[event_type].quad_class.value
