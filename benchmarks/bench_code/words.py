"""The words and sentences that made-up programs are made of.

Ordinary words of real programs, on purpose: many of them (`data`, `text`, `model`, `agent`, `pipeline`) are also the names
of AI packages, and a tree without such words would be quicker to scan than any real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

WORDS: Final = tuple(
    """
    account action address agent alert amount api archive area article asset audit author backup badge balance banner
    base basket batch billing board book booking branch brand bucket budget build bundle button cache calendar call
    campaign cart catalog category change channel charge chart check city claim client cluster code collection color
    column comment company config connection contact content context contract core country coupon course credit currency
    customer dashboard data date day deal delivery deploy design detail device discount document domain draft driver
    email employee engine entry error estimate event exchange export feature feed field file filter finance flag folder
    form format forecast gateway grant graph grid group guide handler header health history host hotel icon image import
    index input insight invoice issue item job journal key label language layer layout leader ledger lesson level library
    license limit line link list location lock log machine mail manager map market match media member memory menu merchant
    message method metric mobile mode model module monitor network node note notice number object offer office option
    order owner package page panel parcel parser partner path patient payment period permission person phone pipeline
    place plan platform player plugin point policy pool portal post price printer process product profile program project
    promotion property provider proxy purchase query queue quota quote rate reader record refund region registry release
    reminder report request reservation resource response result return review role room route rule salary sale schedule
    schema score search season secret section segment sensor sequence server service session setting shipment shop signal
    site size slot snapshot source space spec stage state station status step stock storage store stream street student
    subject summary supplier supply survey switch symbol system table tag target task tax team template tenant term test
    text theme thread ticket time title token tool topic total trace track trade train transfer transform transport tree
    trip type unit update upload user utils value vehicle vendor version video view visit voucher wallet warehouse watch
    weather webhook widget window worker workflow zone
    """.split()
)

_SMALL: Final = tuple(
    "a an and as at be before but by can each every for from has have if in is it its keeps may more must no not of on once one"
    " only or other returns should so than that the their then this to until used when where which while with you your".split()
)
_SENTENCES: Final = 3000


def sentences(random: Random) -> tuple[str, ...]:
    """Sentences to draw from: prose that fits in a string of any language, without quotes and braces."""
    return tuple(_sentence(random) for _ in range(_SENTENCES))


def _sentence(random: Random) -> str:
    length = 4 + int(random.random() * 12)
    chosen = [_one(random, _SMALL if random.random() < 0.45 else WORDS) for _ in range(length)]
    return " ".join(chosen)


def _one(random: Random, words: tuple[str, ...]) -> str:
    return words[int(random.random() * len(words))]
